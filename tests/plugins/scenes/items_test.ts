import { expect } from "expect";
import { compositionalItems, scenesCompositional } from "../../../plugins/scenes/compositional.ts";
import { drawItemPicture } from "../../../plugins/scenes/draw_item_picture.ts";
import { drawPairFoil, renderPair, scenesPairs } from "../../../plugins/scenes/pairs_benchmark.ts";
import { renderScene } from "../../../plugins/scenes/render.ts";
import { retrievalItems, scenesRetrieval } from "../../../plugins/scenes/retrieval.ts";
import {
  scenesZeroShot,
  ZERO_SHOT_CLASSES,
  zeroShotItems,
} from "../../../plugins/scenes/zero_shot.ts";
import { createRandom } from "../../../core/random.ts";
import type { Encoder, Evaluation, Evaluator } from "../../../core/evaluator.ts";
import { createPicturePool } from "../../../core/host/images/pool.ts";

const file = (address: string) => Promise.resolve(address);
const images = createPicturePool({ workers: 0 });
const context = { assets: { file, optionalFile: file }, images, log: () => {} };

/** Every picture is (1, 0); a text is (0.6, 0.8), but (0, 1) if it says "red". */
const encoder: Encoder = {
  dim: 2,
  images: async (count, picture) => {
    for (let index = 0; index < count; index++) await picture(index);
    return Float32Array.from({ length: 2 * count }, (_, i) => i % 2 === 0 ? 1 : 0);
  },
  texts: (texts) =>
    Promise.resolve(
      Float32Array.from(texts.flatMap((text) => /\bred\b/.test(text) ? [0, 1] : [0.6, 0.8])),
    ),
};

const scored = async (evaluator: Evaluator): Promise<readonly Evaluation[]> =>
  await evaluator.evaluate(encoder, context);

Deno.test("scenesCompositional: each item has its texts, cosines, and what it counts as", async () => {
  const options = { items: 25, seed: 3 };
  const foils = compositionalItems("replace_att", options);
  const [found] = (await scored(scenesCompositional(options)))
    .filter(({ dataset }) => dataset === "scenes/replace_att");
  const red = (text: string) => /\bred\b/.test(text);
  for (const [index, { id, images, texts, scores, correct }] of found!.itemScores!.entries()) {
    const { caption, caption2, negative } = foils[index]!;
    expect({ id, images, texts }).toEqual({
      id: `${index}`,
      images: [`scenes/replace_att/seed-3/${index}`],
      texts: [caption, caption2, negative],
    });
    // A text that says red is at right angles to the picture, and 0.8 from one that does not.
    const between = (a: string, b: string) => red(a) === red(b) ? 1 : 0.8;
    const expected = [
      ...[caption, caption2, negative].map((text) => red(text) ? 0 : 0.6),
      between(caption, caption2),
      between(caption, negative),
      between(caption2, negative),
    ];
    scores.forEach((score, place) => expect(score).toBeCloseTo(expected[place]!, 6));
    expect(correct).toEqual({
      acc: !red(caption) && red(negative),
      itt_acc: !red(caption) && !red(caption2) && red(negative),
      tot_acc: red(caption) === red(caption2) && red(caption) !== red(negative),
    });
  }
  // The items tell of both outcomes, and the metric is their share.
  const right = found!.itemScores!.filter(({ correct }) => correct.acc).length;
  expect(right).toBeGreaterThan(0);
  expect(right).toBeLessThan(25);
  expect(found!.metrics.acc).toBe(right / 25);
});

Deno.test("scenesRetrieval, scenesZeroShot: metrics are the shares of their items", async () => {
  const share = (evaluation: Evaluation, metric: string) => {
    const counted = evaluation.itemScores!.flatMap(({ correct }) => correct[metric] ?? []);
    expect(counted).toHaveLength(30);
    return counted.filter((right) => right).length / 30;
  };
  const [retrieval] = await scored(scenesRetrieval({ items: 30, seed: 1 }));
  expect(retrieval!.items).toBe(30);
  expect(Object.keys(retrieval!.metrics)).toHaveLength(4);
  for (const [metric, value] of Object.entries(retrieval!.metrics)) {
    expect(share(retrieval!, metric)).toBe(value);
  }
  const [zeroShot] = await scored(scenesZeroShot({ items: 30, seed: 1 }));
  expect(share(zeroShot!, "acc1")).toBe(zeroShot!.metrics.acc1);
  expect(share(zeroShot!, "acc5")).toBe(zeroShot!.metrics.acc5);
  const { label } = zeroShotItems({ items: 30, seed: 1 })[4]!;
  expect(zeroShot!.itemScores![4]!.texts![0]).toBe(ZERO_SHOT_CLASSES[label]);
  // The recall of the classes is a mean over groups of items, so that compare can draw them again.
  const groups = [...Map.groupBy(zeroShot!.itemScores!, ({ group }) => group!).values()];
  const recalls = groups.map((items) =>
    items.filter(({ correct }) => correct.acc1).length / items.length
  );
  const mean = recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length;
  expect(zeroShot!.metrics.mean_per_class_recall).toBeCloseTo(mean, 12);
});

Deno.test("drawItemPicture: draws what the benchmark showed, and nothing for other names", async () => {
  const options = { items: 3, seed: 1 };
  const [foil, pair] = [
    compositionalItems("swap_obj", options)[2]!,
    drawPairFoil("pair_swap_att", createRandom(1, "pairs", "pair_swap_att", 2)),
  ];
  const expected = {
    "scenes/swap_obj/seed-1/2": renderScene(foil.scene, 32),
    "scenes/pair_swap_att/seed-1/2": renderPair(pair, 32),
    "scenes/retrieval/seed-1/2": renderScene(retrievalItems(options)[2]!.scene, 32),
    "scenes/colour_shape/seed-1/2": renderScene(zeroShotItems(options)[2]!.scene, 32),
  };
  for (const [name, picture] of Object.entries(expected)) {
    expect(drawItemPicture(name, 32)).toEqual(picture);
  }
  const evaluators = [scenesCompositional, scenesPairs, scenesRetrieval, scenesZeroShot];
  const named =
    (await Promise.all(evaluators.map((make) => scored(make({ ...options, size: 32 })))))
      .flat().flatMap(({ itemScores }) => itemScores!.flatMap(({ images }) => images!));
  expect(named).toEqual(expect.arrayContaining(Object.keys(expected)));
  for (const name of ["photo.jpg", "scenes/swap_obj", "scenes/other/seed-1/2"]) {
    expect(drawItemPicture(name, 32)).toBeUndefined();
  }
});
