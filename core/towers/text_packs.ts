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

/**
 * Rows of a pack for each end token that it has room for. Captions are seldom closer; prompts that
 * differ by a name are. Each end is a row of a tower's last block.
 */
const ROWS_AN_END = { captions: 8, prompts: 4 };

/** With room for more ends, so many of the packs are left at most where it is taken. */
const WORTH = 0.95;

/** How many rows a pack has. @param context The most tokens of a text. */
export function packSize(context: number): number {
  const step = ROWS_AN_END.captions;
  return Math.ceil(Math.max(ROWS, context) / step) * step;
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
  const { packs, ends } = fill(texts, size);
  const together: TextPacks[] = [];
  for (let start = 0; start < packs.length; start += most) {
    const own = packs.slice(start, start + most);
    together.push(
      layOut(own, texts, { packs: Math.min(most, roundUp(own.length)), size, ends, padding }),
    );
  }
  return together;
}

/** The packs of all texts, and how many ends each has room for. */
function fill(texts: readonly (readonly number[])[], size: number) {
  const [few, many] = [ROWS_AN_END.captions, ROWS_AN_END.prompts].map((rows) => {
    const ends = size / rows;
    return { ends, packs: fillPacks(texts, { rows: size, ends }) };
  }) as [Filled, Filled];
  return many.packs.length <= WORTH * few.packs.length ? many : few;
}

interface Filled {
  readonly ends: number;
  readonly packs: ReturnType<typeof fillPacks>;
}

/** To eight numbers between each two powers of two. */
function roundUp(count: number): number {
  const step = 2 ** Math.max(0, Math.floor(Math.log2(count)) - 3);
  return Math.ceil(count / step) * step;
}

function layOut(
  packs: readonly (readonly Branch[])[],
  texts: readonly (readonly number[])[],
  { packs: count, size, ends, padding }: Pick<TextPacks, "packs" | "size" | "ends"> & {
    readonly padding: number;
  },
): TextPacks {
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
