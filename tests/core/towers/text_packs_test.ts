import { expect } from "expect";
import fc from "fast-check";
import { packSize, packTexts, type TextPacks } from "../../../core/towers/text_packs.ts";

const options = { context: 77, most: 3, padding: 99 };

/** The tokens on the way to a row, itself last, as attention finds them. */
function wayTo({ size, ids, places, exits }: TextPacks, row: number): number[] {
  const first = row - row % size;
  const way: number[] = [];
  for (let j = first; j <= row; j++) {
    if (row - first >= exits[j]!) continue;
    expect(Number(places[j])).toBe(way.length);
    way.push(Number(ids[j]));
  }
  return way;
}

Deno.test("packTexts: the preorder of a tree of prefixes, by hand", () => {
  // Sorted: [1 2 9], [1 2 9 4] and [1 5 9], which is there twice. Rows: 1, 2, 9, 4, 5, 9.
  const [packs, ...more] = packTexts([[1, 5, 9], [1, 2, 9, 4], [1, 2, 9], [1, 5, 9]], options);
  expect(more).toEqual([]);
  expect([packs!.packs, packs!.size, packs!.ends]).toEqual([1, 128, 16]);
  expect([...packs!.ids.subarray(0, 7)]).toEqual([1n, 2n, 9n, 4n, 5n, 9n, 99n]);
  expect([...packs!.places.subarray(0, 7)]).toEqual([0n, 1n, 2n, 3n, 1n, 2n, 0n]);
  // All begin with the first row; a row that fills up reaches no further than itself.
  expect([...packs!.exits.subarray(0, 8)]).toEqual([6, 4, 4, 4, 6, 6, 7, 8]);
  expect([...packs!.endRows.subarray(0, 4)]).toEqual([2n, 3n, 5n, 0n]);
  expect(packs!.texts).toEqual([[0, 2], [1, 1], [2, 0], [2, 3]]);
});

Deno.test("packTexts: every text ends once, and the way to its end is the text", () => {
  // Few different tokens, so that many texts begin alike, and some are equal.
  const text = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 60 });
  fc.assert(fc.property(fc.array(text, { maxLength: 60 }), (texts) => {
    const all = packTexts(texts, options);
    const ended = all.flatMap((packs) => {
      for (const [end, which] of packs.texts) {
        expect(wayTo(packs, Number(packs.endRows[end]))).toEqual(texts[which]);
      }
      return packs.texts.map(([, which]) => which);
    });
    expect(ended.toSorted((a, b) => a - b)).toEqual(texts.map((_, which) => which));
    // All but the last are as large as may be.
    for (const [place, { packs }] of all.entries()) {
      expect(packs).toBeLessThanOrEqual(options.most);
      if (place < all.length - 1) expect(packs).toBe(options.most);
    }
  }));
});

Deno.test("packTexts: a beginning takes as many rows as it has tokens, whoever begins so", () => {
  // 14 texts of 30 tokens, of which the first 28 are the same: 28 + 14 · 2 = 56 rows, and 14 ends.
  const texts = Array.from({ length: 14 }, (_, i) => [...new Array(28).fill(7), i, 99]);
  const [packs] = packTexts(texts, { ...options, padding: 0 });
  expect(packs!.packs).toBe(1);
  expect(packs!.ids.findLastIndex((id) => id !== 0n)).toBe(55);
});

/** Which texts each pack has, in the order of their ids. */
const fill = (texts: readonly number[][]) =>
  packTexts(texts, { ...options, most: 1 }).map(({ texts }) => texts.map(([, which]) => which));

const text = (first: number, length: number) => [first, ...new Array(length - 1).fill(50)];

Deno.test("packTexts: a pack is filled up by texts from elsewhere", () => {
  // One after another in the order of their ids, 70 rows would stand alone, then 70 and 50, then 50.
  expect(fill([text(1, 70), text(2, 70), text(3, 50), text(4, 50)])).toEqual([[0, 2], [1, 3]]);
  // The fullest pack that has room: 28 rows, and then 21, go where 51 are free, not where 58 are.
  expect(fill([text(1, 70), text(2, 77), text(3, 21), text(4, 28)])).toEqual([[1, 2, 3], [0]]);
});

Deno.test("packTexts: texts that begin alike stay together", () => {
  // 60 tokens that two texts have in common, with 8 more each: 76 rows, which leave no room for 60 or
  // 58. With one of these each, the two would take no more packs, and 60 rows more.
  const kin = [1, 2].map((last) => [...text(1, 60), ...new Array(8).fill(last)]);
  expect(fill([kin[0]!, text(2, 60), kin[1]!, text(3, 58)])).toEqual([[0, 2], [1, 3]]);
});

Deno.test("packTexts: what texts share with their neighbours in a pack takes no row", () => {
  // 2 tokens in common, fewer than keep them together, and room for 128 rows by these alone.
  expect(fill([[1, 2, ...text(3, 66)], [1, 2, ...text(4, 60)]])).toEqual([[0, 1]]);
  expect(fill([[1, 2, ...text(3, 66)], [1, 9, ...text(4, 61)]])).toHaveLength(2);
});

Deno.test("packTexts: few numbers of packs serve all", () => {
  // Texts of 70 tokens that have none in common: a pack each.
  const sizes = new Set<number>();
  for (let count = 1; count <= 70; count++) {
    const texts = Array.from({ length: count }, (_, i) => new Array(70).fill(i));
    const [packs, ...more] = packTexts(texts, { context: 77, most: 100, padding: 0 });
    expect(more).toEqual([]);
    expect(packs!.packs).toBeGreaterThanOrEqual(count);
    expect(packs!.packs).toBeLessThanOrEqual(Math.ceil(count * 1.125));
    sizes.add(packs!.packs);
  }
  expect(sizes.size).toBe(15 + 8 + 8 + 2);
});

Deno.test("packTexts: prompts that differ by a name have room for twice as many ends", () => {
  // 5 rows that all begin with, and 3 of each one's own: (128 − 5) / 3 = 41 would fit by their rows.
  const prompts = Array.from({ length: 64 }, (_, i) => [1, 2, 3, 4, 5, 100 + i, 6, 7]);
  const [packs, ...more] = packTexts(prompts, options);
  expect(more).toEqual([]);
  expect([packs!.packs, packs!.ends]).toEqual([2, 32]);
  for (const [end, which] of packs!.texts) {
    expect(wayTo(packs!, Number(packs!.endRows[end]))).toEqual(prompts[which]);
  }
  // 16 of them fit either way, and 16 rows of the last block are fewer.
  expect(packTexts(prompts.slice(16, 32), options).map(({ ends }) => ends)).toEqual([16]);
});

Deno.test("packSize: a pack holds the longest text there may be", () => {
  expect([packSize(24), packSize(77), packSize(130), packSize(248)]).toEqual([128, 128, 136, 248]);
});
