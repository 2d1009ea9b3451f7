/** What a pack gets of a text: all but the first tokens, which the text before it has. */
export interface Branch {
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
 * @returns the texts of each pack, in the order of their ids.
 */
export function fillPacks(
  texts: readonly (readonly number[])[],
  most: Room,
): readonly (readonly Branch[])[] {
  const order = texts.map((_, text) => text)
    .sort((a, b) => compare(texts[a]!, texts[b]!) || a - b);
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
