import type { AnyLoss, TextReader } from "../../loss.ts";

/** The texts of one group that a loss reads by itself. */
export interface ReadGroup {
  /** As the composer and the loss name it. */
  readonly name: string;
  /** Texts a row. */
  readonly count: number;
  /** Places of a text. */
  readonly length: number;
  /** `[batch, count, length]`: ids, −1 behind a text's end and in all of one that is not there. */
  readonly ids: Float32Array;
}

/** Lengths go up in such steps, so that a run needs few programs. */
const STEP = 8;

/**
 * What a loss reads of a batch's texts, as long as the longest of each group.
 *
 * @param textsOf The texts of a group, row by row, `null` where there is none.
 * @param counts Texts a row in each group.
 */
export function readGroups(
  { reads = {} }: AnyLoss,
  textsOf: (name: string) => readonly (string | null)[],
  counts: Readonly<Record<string, number>>,
): readonly ReadGroup[] {
  return Object.entries<TextReader>(reads as Record<string, TextReader>).map(([name, reader]) => {
    const { length: most, encode } = reader;
    const read = textsOf(name).map((text) => text === null ? [] : encode(text).slice(0, most));
    const longest = read.reduce((most, { length }) => Math.max(most, length), 1);
    const length = Math.min(most, Math.ceil(longest / STEP) * STEP);
    const ids = new Float32Array(read.length * length).fill(-1);
    for (const [i, each] of read.entries()) ids.set(each, i * length);
    return { name, count: counts[name]!, length, ids };
  });
}

/** The same texts in more places. */
export function lengthened({ length, ids, ...group }: ReadGroup, wide: number): ReadGroup {
  if (wide === length) return { ...group, length, ids };
  const all = new Float32Array(ids.length / length * wide).fill(-1);
  for (let i = 0; i * length < ids.length; i++) {
    all.set(ids.subarray(i * length, (i + 1) * length), i * wide);
  }
  return { ...group, length: wide, ids: all };
}
