import { expect } from "expect";
import { c2lipRows } from "../../../plugins/c2lip/rows.ts";
import { clipNormalization } from "../../../plugins/clip/normalization.ts";
import { memoryDataSet } from "../../helpers/memory_data_set.ts";

Deno.test("c2lipRows: every noun phrase of a caption once, the caption itself where it has none", async () => {
  const data = memoryDataSet(
    ["A small dog and a cat watch a cat on the red sofa", "Hello!"].map((caption) => ({
      captions: [caption],
      picture: { width: 4, height: 4, color: [1, 2, 3] as const },
    })),
  );
  const context = { data, preprocessing: { ...clipNormalization, size: 4 }, seed: 1, epoch: 0 };
  const phrases = async (index: number, count: number) =>
    (await c2lipRows({ phrases: count }).compose(index, context))[0]!.texts.phrase;
  expect(await phrases(0, 4)).toEqual(["A small dog", "a cat", "the red sofa", null]);
  const two = await phrases(0, 2);
  expect(new Set(two).size).toBe(2);
  expect(["A small dog", "a cat", "the red sofa"]).toEqual(expect.arrayContaining([...two]));
  expect(await phrases(1, 2)).toEqual(["Hello!", null]);
});
