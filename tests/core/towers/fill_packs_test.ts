import { expect } from "expect";
import fc from "fast-check";
import { fillPacks } from "../../../core/towers/fill_packs.ts";

const most = { rows: 128, ends: 16 };

const text = (first: number, length: number) => [first, ...new Array(length - 1).fill(50)];

/** Which texts each pack has. */
const textsOf = (packs: ReturnType<typeof fillPacks>) =>
  packs.map((branches) => branches.map(({ text }) => text));

Deno.test("fillPacks: a pack is filled up by texts from elsewhere", () => {
  // One after another in the order of their ids, 70 rows would stand alone, then 70 and 50, then 50.
  const packs = fillPacks([text(1, 70), text(2, 70), text(3, 50), text(4, 50)], most);
  expect(textsOf(packs)).toEqual([[0, 2], [1, 3]]);
  // The fullest pack that has room: 28 rows go where 30 are free, not where 58 are.
  const fitting = fillPacks([text(1, 98), text(2, 70), text(3, 28)], most);
  expect(textsOf(fitting)).toEqual([[0, 2], [1]]);
});

Deno.test("fillPacks: texts that begin alike stay together", () => {
  // 60 tokens that two texts have in common, with 8 more each: 76 rows, which leave no room for 60 or
  // 58. With one of these each, the two would take no more packs, and 60 rows more.
  const kin = [1, 2].map((last) => [...text(1, 60), ...new Array(8).fill(last)]);
  const packs = fillPacks([kin[0]!, text(2, 60), kin[1]!, text(3, 58)], most);
  expect(textsOf(packs)).toEqual([[0, 2], [1, 3]]);
  expect(packs[0]!.map(({ shared }) => shared)).toEqual([0, 60]);
});

Deno.test("fillPacks: what texts share with their neighbours in a pack takes no row", () => {
  // 2 tokens in common, fewer than keep them together, and room for 128 rows by these alone.
  const packs = fillPacks([[1, 2, ...text(3, 66)], [1, 2, ...text(4, 60)]], most);
  expect(packs).toEqual([[{ text: 0, shared: 0 }, { text: 1, shared: 2 }]]);
  expect(fillPacks([[1, 2, ...text(3, 66)], [1, 9, ...text(4, 60)]], most)).toHaveLength(2);
});

Deno.test("fillPacks: no pack has more rows or ends than it holds, and every text is in one", () => {
  const tokens = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 20 });
  fc.assert(fc.property(fc.array(tokens, { maxLength: 60 }), (texts) => {
    const small = { rows: 24, ends: 3 };
    const packs = fillPacks(texts, small);
    for (const branches of packs) {
      const news = branches.map(({ text, shared }) => texts[text]!.length - shared);
      expect(news.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(small.rows);
      expect(news.filter((rows) => rows > 0).length).toBeLessThanOrEqual(small.ends);
    }
    expect(textsOf(packs).flat().toSorted((a, b) => a - b)).toEqual(texts.map((_, i) => i));
  }));
});
