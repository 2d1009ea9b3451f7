import type { DataSet } from "../../core/dataset.ts";
import type { CheckedOptions } from "./caption_options.ts";
import type { NumberRows } from "./rows/number_rows.ts";

/**
 * The stretches of examples whose pictures stand together, if an order within a window is asked for.
 *
 * @param places Of each example the number of its file and a number that grows inside it.
 * @param count How many stretches there may be.
 * @param placeOf Where a stretch begins, likewise.
 */
export function stretchesOf(
  { window }: Pick<CheckedOptions, "window">,
  places: NumberRows,
  count: number,
  placeOf: (stretch: number) => readonly [file: number, inside: number],
): DataSet["stretches"] {
  if (window === null) return undefined;
  const starts: number[] = [];
  for (let stretch = 0; stretch < count; stretch++) {
    const start = firstAt(places, placeOf(stretch));
    // A file may have no example that can be used.
    if (start < places.length && start !== starts.at(-1)) starts.push(start);
  }
  return { starts, window };
}

/** The first example that does not stand before a place. */
function firstAt(
  places: NumberRows,
  [file, inside]: readonly [file: number, inside: number],
): number {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const found = places.get(middle, 0);
    if (found < file || found === file && places.get(middle, 1) < inside) low = middle + 1;
    else high = middle;
  }
  return low;
}
