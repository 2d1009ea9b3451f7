import { createRandom } from "../../core/random.ts";
import type { Encoder, Evaluation, Evaluator } from "../../core/evaluator.ts";
import { classRanks, classWeights, zeroShotScores } from "../../core/scoring/zero_shot.ts";
import { embedTexts } from "../../core/scoring/embed_texts.ts";
import { defineScenesBenchmark, type ScenesBenchmarkOptions } from "./benchmark.ts";
import { itemPictureName } from "./item_picture_name.ts";
import { renderScene } from "./render.ts";
import { drawScene, type Scene } from "./scene.ts";
import { COLOURS, SHAPES } from "./vocabulary.ts";

/** The prompts of a class, with `_` for its name. */
const TEMPLATES = [
  "there is a _",
  "you can see a _",
  "the picture shows a _",
  "a picture of a _",
  "the image contains a _",
] as const;

/** The names of the classes, every colour with every shape: "red circle", "red box", … */
export const ZERO_SHOT_CLASSES: readonly string[] = COLOURS.flatMap((colour) =>
  SHAPES.map((shape) => `${colour} ${shape}`)
);

/**
 * Zero-shot classification of scenes with a single object by its colour and shape, 64 classes, with
 * five prompts a class whose embeddings are averaged: what a fine-tuned model has forgotten shows
 * here. Scores are `acc1`, `acc5` and `mean_per_class_recall`; of classes that tie the first wins.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { scenesZeroShot } from "@syntagma/syntagma/scenes";
 *
 * console.assert(scenesZeroShot({ items: 640, seed: 1 }).options.items === 640);
 * ```
 */
export const scenesZeroShot: (options: ScenesBenchmarkOptions) => Evaluator = defineScenesBenchmark(
  "scenesZeroShot",
  100_000,
  evaluate,
);

/** A scene with a single object, and which of the classes it is. */
export interface ClassifiedScene {
  /** What the picture shows. */
  readonly scene: Scene;
  /** Position in {@linkcode ZERO_SHOT_CLASSES}. */
  readonly label: number;
}

/** The items of the benchmark; item `i` depends on the seed and `i` alone. */
export function zeroShotItems(
  { items, seed }: { readonly items: number; readonly seed: number },
): ClassifiedScene[] {
  return Array.from({ length: items }, (_, index) => {
    const scene = drawScene(createRandom(seed, "zero_shot", index), { least: 1, most: 1 });
    const { colour, shape } = scene.objects[0]!;
    return { scene, label: ZERO_SHOT_CLASSES.indexOf(`${colour} ${shape}`) };
  });
}

async function evaluate(
  encoder: Encoder,
  { items, seed, size }: Required<ScenesBenchmarkOptions>,
): Promise<readonly Evaluation[]> {
  const { dim } = encoder;
  const classified = zeroShotItems({ items, seed });
  const prompts = ZERO_SHOT_CLASSES.flatMap((name) =>
    TEMPLATES.map((template) => template.replace("_", name))
  );
  const weights = classWeights(await embedTexts(encoder, prompts), dim, TEMPLATES.length);
  const images = await encoder.images(
    items,
    (index) => Promise.resolve(renderScene(classified[index]!.scene, size)),
  );
  const labels = classified.map(({ label }) => label);
  const dataset = "scenes/colour_shape";
  return [{
    dataset,
    task: "zeroshot_classification",
    metrics: { ...zeroShotScores(images, weights, labels, dim) },
    items,
    headline: "acc1",
    itemScores: classRanks(images, weights, labels, dim).map(
      ({ before, own, rival, other }, index) => ({
        id: `${index}`,
        images: [itemPictureName(dataset, seed, index)],
        texts: [labels[index]!, rival].map((label) => ZERO_SHOT_CLASSES[label]!),
        scores: [own, other],
        correct: { acc1: before < 1, acc5: before < 5 },
        group: ZERO_SHOT_CLASSES[labels[index]!]!,
      }),
    ),
  }];
}
