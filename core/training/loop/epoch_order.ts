import type { DataSet } from "../../dataset.ts";
import { createRandom, type Random } from "../../random.ts";

/**
 * The order of an epoch's examples, each once, as `(seed, epoch)` shuffles them: all of them, or,
 * where the data set has stretches that are read best in order, within a window.
 *
 * @returns a permutation of 0 to `length` - 1: 4 bytes an example.
 */
export function epochOrder(
  { length, stretches }: Pick<DataSet, "length" | "stretches">,
  seed: number,
  epoch: number,
): Uint32Array {
  const random = createRandom(seed, "order", epoch);
  if (stretches !== undefined) return windowOrder(length, stretches, random);
  const order = new Uint32Array(length);
  for (let i = 0; i < length; i++) order[i] = i;
  // Draws apart from exchanges: of many millions most are outside of the processor's cache, and it
  // waits for several at once where nothing stands between.
  const draws = new Uint32Array(DRAWS);
  for (let last = length - 1; last > 0; last -= DRAWS) {
    const count = Math.min(DRAWS, last);
    for (let k = 0; k < count; k++) draws[k] = random.integer(last - k + 1);
    for (let k = 0; k < count; k++) {
      const i = last - k;
      const j = draws[k]!;
      const kept = order[i]!;
      order[i] = order[j]!;
      order[j] = kept;
    }
  }
  return order;
}

/** Draws that are made together. */
const DRAWS = 4096;

/**
 * Stretches in random order, one after another; of the next `window` examples each time one is drawn,
 * whose place the first example behind the window takes. So what is drawn at a time comes from as many
 * stretches as the window spans, and has moved forward by less than the window.
 */
function windowOrder(
  length: number,
  { starts, window }: NonNullable<DataSet["stretches"]>,
  random: Random,
): Uint32Array {
  const order = new Uint32Array(length);
  const waiting = new Uint32Array(Math.min(window, length));
  let [count, done] = [0, 0];
  const draw = (): number => {
    const place = random.integer(count);
    order[done++] = waiting[place]!;
    return place;
  };
  for (const stretch of random.shuffle([...starts.keys()])) {
    const end = starts[stretch + 1] ?? length;
    for (let index = starts[stretch]!; index < end; index++) {
      if (count < waiting.length) waiting[count++] = index;
      else waiting[draw()] = index;
    }
  }
  while (count > 0) {
    const place = draw();
    waiting[place] = waiting[--count]!;
  }
  return order;
}
