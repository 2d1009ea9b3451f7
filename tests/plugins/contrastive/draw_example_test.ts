import { expect } from "expect";
import { createRandom } from "../../../core/random.ts";
import { drawExample } from "../../../plugins/contrastive/draw_example.ts";
import { clipNormalization } from "../../../plugins/clip/normalization.ts";
import { memoryDataSet } from "../../helpers/memory_data_set.ts";

Deno.test("drawExample: the first caption or a drawn one; the crop from its own generator", async () => {
  const captions = ["one", "two", "three"];
  const color = [9, 9, 9] as const;
  const data = memoryDataSet([{ captions, picture: { width: 6, height: 4, color } }]);
  const context = { data, preprocessing: { ...clipNormalization, size: 4 } };
  const draw = (caption: "first" | "random", seed: number) =>
    drawExample(0, context, { caption, crop: null }, createRandom(seed));
  expect(draw("first", 1).caption).toBe("one");
  const image = await draw("first", 1).image;
  expect([image.width, image.height]).toEqual([4, 4]);
  const drawn = Array.from({ length: 30 }, (_, seed) => draw("random", seed).caption);
  expect(new Set(drawn)).toEqual(new Set(captions));
  // With a generator of the crop's, the caption's has drawn nothing else.
  const random = createRandom(1);
  const options = { caption: "first", crop: [0.5, 1] } as const;
  await drawExample(0, context, options, random, createRandom(2)).image;
  expect(random.integer(2 ** 32)).toBe(createRandom(1).integer(2 ** 32));
});
