import { expect } from "expect";
import type { Context } from "../../../core/context.ts";
import { tripletClipRows } from "../../../plugins/triplet_clip/rows.ts";
import { tripletData } from "../../../plugins/triplet_clip/triplet_data.ts";
import { scenes, type ScenesOptions, swappedScenes } from "../../../plugins/scenes/scenes.ts";
import { clipNormalization } from "../../../plugins/clip/normalization.ts";

const world: ScenesOptions = { length: 6, seed: 4, objects: [2, 2], telling: "plain", captions: 2 };
const preprocessing = { ...clipNormalization, size: 16 };

Deno.test("tripletClipRows: the negative is the same scene with two colours exchanged", async () => {
  const data = await tripletData({ examples: scenes(world), negatives: swappedScenes(world) })
    .open({} as Context);
  expect(data.length).toBe(6);
  const words = (text: string) => text.split(" ").sort().join(" ");
  for (let index = 0; index < 6; index++) {
    const context = { data, preprocessing, seed: 1, epoch: 0 };
    const [row] = await tripletClipRows().compose(index, context);
    const [[caption], [negative]] = [row!.texts.caption, row!.texts.negative];
    expect(caption).toBe(data.record(index).captions[0]);
    expect(negative).toBe(data.negatives!.record(index).captions[0]);
    expect(words(negative!)).toBe(words(caption!));
    expect(negative).not.toBe(caption);
    expect(row!.images.negative[0]!.width).toBe(16);
    expect(row!.images.negative[0]!.data).not.toEqual(row!.image.data);
  }
});

Deno.test("tripletData: refuses sources that do not go together, and data without negatives", async () => {
  const short = { ...world, length: 5 };
  await expect(
    tripletData({ examples: scenes(world), negatives: scenes(short) }).open({} as Context),
  ).rejects.toThrow("expected as many negatives as the 6 examples of scenes/4, found 5");
  const data = await scenes(world).open({} as Context);
  await expect(tripletClipRows().compose(0, { data, preprocessing, seed: 1, epoch: 0 })).rejects
    .toThrow(
      "scenes/4: expected data with a negative picture and caption of each example, found none",
    );
  let begun = 0;
  const counted = { ...data, pixels: (i: number) => (begun++, data.pixels(i)) };
  await expect(tripletClipRows().compose(0, { data: counted, preprocessing, seed: 1, epoch: 0 }))
    .rejects.toThrow("expected data with a negative picture");
  expect(begun).toBe(0);
  expect(() => swappedScenes({ ...world, objects: [1, 2] })).toThrow(
    "expected at least two objects",
  );
});

Deno.test("swappedScenes: no picture or caption is that of its scene, whatever colours it has", async () => {
  const many: ScenesOptions = { ...world, length: 60, size: 24 };
  const [own, swapped] = await Promise.all(
    [scenes(many), swappedScenes(many)].map((source) => source.open({} as Context)),
  );
  const words = (text: string) => text.split(" ").sort().join(" ");
  let repainted = 0;
  for (let index = 0; index < many.length; index++) {
    const [caption, negative] = [own!, swapped!].map((data) => data.record(index).captions[0]!);
    expect(negative).not.toBe(caption);
    if (words(negative!) !== words(caption!)) repainted++;
    expect((await swapped!.pixels(index)).data).not.toEqual((await own!.pixels(index)).data);
  }
  // Some scenes have two objects of one colour, most have not.
  expect(repainted).toBeGreaterThan(0);
  expect(repainted).toBeLessThan(many.length / 2);
});
