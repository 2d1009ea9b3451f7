import { expect } from "expect";
import { createRandom } from "../../../core/random.ts";
import { negations } from "../../../plugins/con_clip/negations.ts";
import { conClipRows } from "../../../plugins/con_clip/rows.ts";
import { clipNormalization } from "../../../plugins/clip/normalization.ts";
import { memoryDataSet } from "../../helpers/memory_data_set.ts";

const negated = async (caption: string) => {
  const found = new Set<string | null>();
  for (let seed = 0; seed < 12; seed++) {
    found.add((await negations().generate(caption, createRandom(seed)))[0]!);
  }
  return [...found].sort();
};

Deno.test("negations: denies one of the relations, else the first thing", async () => {
  expect(await negated("A man with a hat")).toEqual(["A man without a hat"]);
  expect(await negated("A dog on a sofa near a cat")).toEqual([
    "A dog not on a sofa near a cat",
    "A dog on a sofa not near a cat",
  ]);
  expect(await negated("A woman riding a horse")).toEqual(["A woman not riding a horse"]);
  expect(await negated("A red bus")).toEqual(["No red bus"]);
  expect(await negated("Red buses")).toEqual(["no Red buses"]);
  // What denies something already, and what names nothing.
  expect(await negated("A man without a hat")).toEqual([null]);
  expect(await negated("Running!")).toEqual([null]);
});

Deno.test("conClipRows: the distractor is another picture, of the same subject where there is one", async () => {
  const shades = [10, 90, 170, 250];
  const captions = ["A dog on a sofa", "A cat in a box", "A dog in the snow", "A bird on a tree"];
  const data = memoryDataSet(captions.map((caption, i) => ({
    captions: [caption],
    picture: { width: 4, height: 4, color: [shades[i]!, 0, 0] as const },
  })));
  const preprocessing = { ...clipNormalization, size: 4 };
  for (let epoch = 0; epoch < 4; epoch++) {
    const context = { data, preprocessing, seed: 2, epoch };
    const shadeOf = async (index: number) => {
      const [row] = await conClipRows().compose(index, context);
      return row!.images.distractor[0]!.data[0]!;
    };
    // The two dogs find each other; a cat finds no cat, and takes any other.
    expect(await shadeOf(0)).toBe(shades[2]);
    expect(await shadeOf(2)).toBe(shades[0]);
    expect([10, 170, 250]).toContain(await shadeOf(1));
  }
});
