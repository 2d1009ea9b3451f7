/**
 * Which rows and texts of a batch are the same.
 *
 * @module
 */
import type { TextGroup } from "./text_group.ts";

/** Numbers that are equal where things are equal, and only there; they mean nothing beyond a batch. */
export interface Identity {
  /** Names what each row shows, equally where it is the same. */
  readonly shows: readonly string[];
  /** `[batch]`: of the pictures that a row shows. */
  readonly picture: Float32Array;
  /** `[batch, count]` for each text group: of each text, as the tokenizer reads it. */
  readonly text: Readonly<Record<string, Float32Array>>;
}

/**
 * The identity of a batch's rows and texts. Texts are numbered across groups, so that a negative can
 * be found to be another row's caption; those that are not there differ from all others.
 *
 * @param pictures Names what each row shows.
 */
export function identityOf(pictures: readonly string[], groups: readonly TextGroup[]): Identity {
  return identityOfNames(pictures, groups.map((group) => ({ ...group, names: textNames(group) })));
}

/** Names of a group's texts, equal where the tokenizer reads the same. */
export function textNames({ tokens }: Pick<TextGroup, "tokens">): readonly string[] {
  return tokens.map((ids) => ids.join());
}

/** {@linkcode identityOf} where what is equal is known by names. */
export function identityOfNames(
  shows: readonly string[],
  groups: readonly (Pick<TextGroup, "name" | "present"> & { readonly names: readonly string[] })[],
): Identity {
  const [pictureNumber, textNumber] = [numbering(), numbering()];
  let absent = 0;
  return {
    shows,
    picture: Float32Array.from(shows, pictureNumber),
    text: Object.fromEntries(groups.map(({ name, names, present }) => [
      name,
      Float32Array.from(names, (text, i) => present[i] === 1 ? textNumber(text) : --absent),
    ])),
  };
}

function numbering(): (name: string) => number {
  const known = new Map<string, number>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    known.set(name, known.size);
    return known.size - 1;
  };
}

/** How many rows of a batch have a picture, or a text of a group, that another row has too. */
export interface Repeats {
  /** Rows of the batch. */
  readonly rows: number;
  /** How many of them, under `picture` and the groups' names. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Counts a batch's repeats. */
export function countRepeats({ picture, text }: Identity): Repeats {
  const rows = picture.length;
  const all = Object.entries({ picture, ...text });
  return { rows, counts: Object.fromEntries(all.map(([name, ids]) => [name, shared(ids, rows)])) };
}

function shared(ids: Float32Array, rows: number): number {
  const firstRow = new Map<number, number>();
  const sharing = new Set<number>();
  for (const [i, id] of ids.entries()) {
    const row = Math.floor(i * rows / ids.length);
    const first = firstRow.get(id) ?? row;
    firstRow.set(id, first);
    if (first !== row) sharing.add(first).add(row);
  }
  return sharing.size;
}

/**
 * What a person should know of the repeats: that rows which are the same are set against each other.
 *
 * @returns `undefined` if there are none.
 */
export function describeRepeats({ rows, counts }: Repeats): string | undefined {
  if (rows === 1) return "a batch is a single row, which has no other row to be told from";
  const found = Object.entries(counts).filter(([, count]) => count > 0);
  if (found.length === 0) return undefined;
  const parts = found.map(([name, count]) =>
    `${count} share ${/^[aeiou]/.test(name) ? "an" : "a"} ${name}`
  ).join(", ");
  return `of ${rows} rows ${parts} with another row, and are its negatives unless the loss leaves ` +
    "them out";
}
