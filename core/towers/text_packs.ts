/**
 * Texts that share their beginnings, each beginning laid out once.
 *
 * A causal tower computes a token from those before it alone, so texts that begin alike have that
 * beginning in common, exactly. Sorted by their token ids, texts are the preorder of a tree of
 * prefixes. Its branches are put into packs of as many rows; a pack goes through the tower as one
 * sequence.
 *
 * @module
 */

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

/** All texts in packs, and how many ends each pack has room for. */
function fill(texts: readonly (readonly number[])[], size: number) {
  const order = texts.map((_, text) => text)
    .sort((a, b) => compare(texts[a]!, texts[b]!) || a - b);
  const filled = (rowsAnEnd: number) => {
    const ends = size / rowsAnEnd;
    return { ends, packs: fillPacks(texts, order, { rows: size, ends }) };
  };
  const [few, many] = [filled(ROWS_AN_END.captions), filled(ROWS_AN_END.prompts)];
  return many.packs.length <= WORTH * few.packs.length ? many : few;
}

/** To eight numbers between each two powers of two. */
function roundUp(count: number): number {
  const step = 2 ** Math.max(0, Math.floor(Math.log2(count)) - 3);
  return Math.ceil(count / step) * step;
}

/** What a pack gets of a text: all but the first tokens, which the text before it has. */
interface Branch {
  readonly text: number;
  readonly shared: number;
}

/** What a pack holds. */
interface Room {
  /** Rows, each for the last token of a beginning. */
  readonly rows: number;
  /** End tokens. */
  readonly ends: number;
}

/** Texts one after another in the order of their ids that begin alike, and fit into a pack. */
interface Kin {
  /** Their places in that order, the first one and the one after the last. */
  readonly start: number;
  end: number;
  /** Different beginnings of them, a row for each. */
  rows: number;
  /** Different texts of them. */
  ends: number;
}

/** A pack that is being filled. */
interface Filling {
  /** In the order of their texts' ids. */
  readonly kin: Kin[];
  rows: number;
  ends: number;
}

/** Where texts go. */
interface Choice {
  readonly pack: Filling;
  /** Their place among its texts. */
  readonly place: number;
  /** Rows that they take there. */
  readonly rows: number;
}

/**
 * Tokens that texts have in common that are better not parted. Captions have fewer with any other one:
 * a start token, and an article.
 */
const KINSHIP = 3;

/**
 * Fills packs: texts that begin alike go together, and of those the largest first, each time into the
 * pack that they fill up best (best fit decreasing, a heuristic of bin packing). Of 240 texts of CLIC
 * that makes 41 packs where filling one after another in the order of the ids makes 44; 38 would hold
 * their different beginnings.
 *
 * @param order The texts in the order of their ids.
 * @returns the texts of each pack, in the order of their ids.
 */
function fillPacks(
  texts: readonly (readonly number[])[],
  order: readonly number[],
  most: Room,
): readonly (readonly Branch[])[] {
  const at = (place: number) => texts[order[place]!]!;
  const shared = (before: Kin | undefined, after: Kin | undefined) =>
    before === undefined || after === undefined
      ? 0
      : commonLength(at(before.end - 1), at(after.start));

  const packs: Filling[] = [];
  // Packs that still have an end, by how many rows are free.
  const open = Array.from({ length: most.rows + 1 }, (): Set<Filling> => new Set());
  const best = (kin: Kin): Choice => {
    // What they share with others may leave them fewer rows than they have.
    for (let free = Math.max(0, kin.rows - KINSHIP); free <= most.rows; free++) {
      for (const pack of open[free]!) {
        if (pack.ends + kin.ends > most.ends) continue;
        const place = placeIn(pack.kin, kin);
        const [before, after] = [pack.kin[place - 1], pack.kin[place]];
        const rows = kin.rows - shared(before, kin) - shared(kin, after) + shared(before, after);
        if (rows <= free) return { pack, place, rows };
      }
    }
    const pack: Filling = { kin: [], rows: 0, ends: 0 };
    packs.push(pack);
    return { pack, place: 0, rows: kin.rows };
  };
  const largestFirst = findKin(order.length, at, most)
    .toSorted((a, b) => b.rows - a.rows || a.start - b.start);
  for (const kin of largestFirst) {
    const { pack, place, rows } = best(kin);
    open[most.rows - pack.rows]!.delete(pack);
    pack.kin.splice(place, 0, kin);
    pack.rows += rows;
    pack.ends += kin.ends;
    if (pack.ends < most.ends) open[most.rows - pack.rows]!.add(pack);
  }
  return packs.map(({ kin }) => {
    const places = kin.flatMap(({ start, end }) =>
      Array.from({ length: end - start }, (_, i) => start + i)
    );
    return places.map((place, i) => ({
      text: order[place]!,
      shared: i === 0 ? 0 : commonLength(at(places[i - 1]!), at(place)),
    }));
  });
}

/** Cuts the texts, in the order of their ids, wherever two have little in common or a pack is full. */
function findKin(
  count: number,
  at: (place: number) => readonly number[],
  most: Room,
): readonly Kin[] {
  const found: Kin[] = [];
  for (let place = 0; place < count; place++) {
    const tokens = at(place);
    const kin = found.at(-1);
    const shared = kin === undefined ? 0 : commonLength(at(place - 1), tokens);
    const rows = tokens.length - shared;
    // A text that was there already takes neither a row nor an end.
    const ends = rows > 0 ? 1 : 0;
    const related = shared >= KINSHIP || rows === 0;
    if (
      kin === undefined || !related || kin.rows + rows > most.rows || kin.ends + ends > most.ends
    ) {
      found.push({ start: place, end: place + 1, rows: tokens.length, ends: 1 });
    } else {
      kin.end++;
      kin.rows += rows;
      kin.ends += ends;
    }
  }
  return found;
}

/** Where texts belong among others, in the order of the ids. */
function placeIn(others: readonly Kin[], { start }: Kin): number {
  const place = others.findIndex((each) => each.start > start);
  return place === -1 ? others.length : place;
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

function compare(a: readonly number[], b: readonly number[]): number {
  const shared = commonLength(a, b);
  return shared < a.length && shared < b.length ? a[shared]! - b[shared]! : a.length - b.length;
}

function commonLength(a: readonly number[], b: readonly number[]): number {
  const shortest = Math.min(a.length, b.length);
  let shared = 0;
  while (shared < shortest && a[shared] === b[shared]) shared++;
  return shared;
}
