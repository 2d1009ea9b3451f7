import { expect } from "expect";
import { wordsOf } from "../../../core/scoring/words_of.ts";

const folder = new URL("../../../../shared/data/bench/sugarcrepe/", import.meta.url);
const isThere = await Deno.stat(folder).then(() => true, () => false);

Deno.test("wordsOf: the same words in any order, case and punctuation are one", () => {
  expect(wordsOf("A dog, on a cat!")).toBe(wordsOf("a cat on a dog"));
  expect(wordsOf("the dog's bone")).not.toBe(wordsOf("the dogs bone"));
  expect(wordsOf("two dogs")).not.toBe(wordsOf("two dogs two"));
});

Deno.test({
  name: "wordsOf: 572 of SugarCrepe's 7,511 pairs are the same words (mteb's issue 5314)",
  ignore: !isThere,
  fn: async () => {
    let [pairs, same] = [0, 0];
    for await (const { name } of Deno.readDir(folder)) {
      if (!name.endsWith(".json")) continue;
      const items: Record<string, { caption: string; negative_caption: string }> = JSON.parse(
        await Deno.readTextFile(new URL(name, folder)),
      );
      for (const { caption, negative_caption } of Object.values(items)) {
        pairs++;
        if (wordsOf(caption) === wordsOf(negative_caption)) same++;
      }
    }
    expect([same, pairs]).toEqual([572, 7511]);
    // Half of those are won by a draw.
    expect((100 * (1 - same / 2 / pairs)).toFixed(1)).toBe("96.2");
  },
});
