import type { RowGroup, TowerRows } from "./tower_rows.ts";

/** An embedding of a batch that no cosine can be computed of. */
export interface BrokenRow {
  /** Row of the batch. */
  readonly row: number;
  /** `"the picture"`, `"a negative"`. */
  readonly what: string;
  /** What is wrong with it. */
  readonly fault: string;
}

/**
 * The first embedding of a tower that is not finite or has no length.
 *
 * @param lengths Of its rows after they were divided by their lengths.
 */
export function findBroken(
  { groups }: Pick<TowerRows, "groups">,
  lengths: Float32Array,
  tower: "image" | "text",
): BrokenRow | undefined {
  // A NaN fulfils no comparison, and a row of length 0 stays one when it is divided by its length.
  const place = lengths.findIndex((each) => !(Math.abs(each - 1) < 0.5));
  if (place === -1) return undefined;
  const fault = Number.isNaN(lengths[place]) ? "is not finite" : "has length 0";
  let start = 0;
  for (const group of groups) {
    const { count, present: { length } } = group;
    if (place < start + length) {
      return { row: Math.floor((place - start) / count), what: describe(group, tower), fault };
    }
    start += length;
  }
  return undefined;
}

/** The sentence for people. */
export function describeBroken(
  { row, what, fault }: BrokenRow,
  ids: readonly string[],
): string {
  return `the embedding of ${what} of row ${row} (${ids[row]}) ${fault}`;
}

function describe({ name }: RowGroup, tower: "image" | "text"): string {
  if (tower === "text") return `a ${name}`;
  return name === "image" ? "the picture" : `a picture "${name}"`;
}
