/**
 * Texts that share their beginnings, each beginning laid out once.
 *
 * A causal tower computes a token from those before it alone, so texts that begin alike have that
 * beginning in common, exactly. Sorted by their token ids, texts are the preorder of a tree of
 * prefixes. It is cut into packs of as many rows ({@linkcode fillPacks}); a pack goes through the tower
 * as one sequence.
 *
 * @module
 */
import { type Branch, fillPacks } from "./fill_packs.ts";

/** Packs that go through the text tower together. */
export interface TextPacks {
  /** How many there are. */
  readonly packs: number;
  /** Rows of a pack: one for each token of its tree, the rest only fills it up. */
  readonly size: number;
  /** End tokens of a pack; those that it does not have stand for its first row. */
  readonly ends: number;
  /** `[packs, size]`: token ids. */
  readonly ids: BigInt64Array;
  /** `[packs, size]`: the place of each token in its text. */
  readonly places: BigInt64Array;
  /** `[packs, size]`: of each row, the one after the last whose text begins with it. */
  readonly exits: Float32Array;
  /** `[packs · ends]`: rows of end tokens, counted through all packs. */
  readonly endRows: BigInt64Array;
  /** Which end is that of which text, as a place in the list that was packed. */
  readonly texts: readonly (readonly [end: number, text: number])[];
}

/** Rows of a pack, where no text needs more. Longer packs lose less where they are cut, and attend wider. */
const ROWS = 128;

/** Rows of a pack for each end token that it has room for; texts are seldom closer. */
const ROWS_AN_END = 8;

/** How many rows a pack has. @param context The most tokens of a text. */
export function packSize(context: number): number {
  return Math.ceil(Math.max(ROWS, context) / ROWS_AN_END) * ROWS_AN_END;
}

/**
 * Packs texts, and deals the packs out: `most` together as long as there are so many, then the rest,
 * filled up to one of few numbers, so that few programs serve all.
 *
 * @param texts Token ids, of as many tokens as the model takes.
 * @param options The most tokens of a text, packs that go together, and the id that fills rows up.
 */
export function packTexts(
  texts: readonly (readonly number[])[],
  { context, most, padding }: {
    readonly context: number;
    readonly most: number;
    readonly padding: number;
  },
): readonly TextPacks[] {
  const size = packSize(context);
  const packs = fillPacks(texts, { rows: size, ends: size / ROWS_AN_END });
  const together: TextPacks[] = [];
  for (let start = 0; start < packs.length; start += most) {
    const own = packs.slice(start, start + most);
    together.push(layOut(own, texts, Math.min(most, roundUp(own.length)), size, padding));
  }
  return together;
}

/** To eight numbers between each two powers of two. */
function roundUp(count: number): number {
  const step = 2 ** Math.max(0, Math.floor(Math.log2(count)) - 3);
  return Math.ceil(count / step) * step;
}

function layOut(
  packs: readonly (readonly Branch[])[],
  texts: readonly (readonly number[])[],
  count: number,
  size: number,
  padding: number,
): TextPacks {
  const ends = size / ROWS_AN_END;
  const ids = new BigInt64Array(count * size).fill(BigInt(padding));
  const places = new BigInt64Array(count * size);
  // A row that only fills up is seen by nothing but itself.
  const exits = Float32Array.from({ length: count * size }, (_, i) => i % size + 1);
  const endRows = BigInt64Array.from(
    { length: count * ends },
    (_, i) => BigInt(Math.floor(i / ends) * size),
  );
  const found: [end: number, text: number][] = [];
  for (const [pack, branches] of packs.entries()) {
    const first = pack * size;
    // The rows of the last text's tokens.
    let path: number[] = [];
    let [rows, end] = [0, pack * ends];
    for (const { text, shared } of branches) {
      const tokens = texts[text]!;
      path = path.slice(0, shared);
      for (let place = shared; place < tokens.length; place++) {
        path.push(first + rows++);
        ids[path[place]!] = BigInt(tokens[place]!);
        places[path[place]!] = BigInt(place);
      }
      // All that the text goes through reach as far as it does.
      for (const row of path) exits[row] = rows;
      if (shared < tokens.length) endRows[end++] = BigInt(path.at(-1)!);
      found.push([end - 1, text]);
    }
  }
  return { packs: count, size, ends, ids, places, exits, endRows, texts: found };
}
