import { createRandom } from "../../core/random.ts";
import type { Encoder, Evaluation, Evaluator, ItemScore } from "../../core/evaluator.ts";
import { embedTexts } from "../../core/scoring/embed_texts.ts";
import { type Ranks, retrievalRanks } from "../../core/scoring/retrieval.ts";
import { summarizeItems } from "../../core/scoring/summarize.ts";
import { defineScenesBenchmark, type ScenesBenchmarkOptions } from "./benchmark.ts";
import { itemPictureName } from "./item_picture_name.ts";
import { renderScene } from "./render.ts";
import { drawScene, type Scene } from "./scene.ts";
import { fullStatement, inWords, type Sentence } from "./sentences.ts";
import { holds } from "./statement.ts";

/** A scene and a caption of all its attributes, which is true of no other scene of the benchmark. */
export interface CaptionedScene {
  /** What the picture shows. */
  readonly scene: Scene;
  /** The caption, with what it states. */
  readonly sentence: Sentence;
}

/**
 * Retrieval among scenes, both ways, each with a caption that tells all attributes: recall at 1
 * and 5 by CLIP_benchmark's names. A caption is true of its own scene and of no other in the benchmark. Ties
 * count against the model.
 *
 * Every caption is an item and every picture is one; the scores of each are the cosine with what
 * belongs to it and that with the nearest other.
 *
 * @param options `items`: at most 5000 pairs; of one seed, fewer items are the first of more.
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { scenesRetrieval } from "@syntagma/syntagma/scenes";
 *
 * console.assert(scenesRetrieval({ items: 500, seed: 1 }).name === "scenesRetrieval");
 * ```
 */
export const scenesRetrieval: (options: ScenesBenchmarkOptions) => Evaluator =
  defineScenesBenchmark(
    "scenesRetrieval",
    5000,
    evaluate,
  );

/** Scenes drawn until `items` of them are told apart by their captions. */
export function retrievalItems(
  { items, seed }: { readonly items: number; readonly seed: number },
): CaptionedScene[] {
  const result: CaptionedScene[] = [];
  for (let index = 0; result.length < items; index++) {
    const random = createRandom(seed, "retrieval", index);
    const scene = drawScene(random);
    const sentence = inWords(() => fullStatement(scene, random), random);
    const isTaken = result.some((other) =>
      holds(sentence.statement, other.scene) || holds(other.sentence.statement, scene)
    );
    if (!isTaken) result.push({ scene, sentence });
  }
  return result;
}

async function evaluate(
  encoder: Encoder,
  { items, seed, size }: Required<ScenesBenchmarkOptions>,
): Promise<readonly Evaluation[]> {
  const pairs = retrievalItems({ items, seed });
  const images = await encoder.images(
    items,
    (index) => Promise.resolve(renderScene(pairs[index]!.scene, size)),
  );
  const texts = await embedTexts(encoder, pairs.map(({ sentence }) => sentence.text));
  const imageOfText = pairs.map((_, index) => index);
  const ranks = retrievalRanks({ images, texts, imageOfText }, encoder.dim);
  const dataset = "scenes/retrieval";
  const itemsOf = (way: "image" | "text", { before, own, other }: Ranks): ItemScore[] =>
    pairs.map(({ sentence }, index) => ({
      id: `${way} ${index}`,
      images: [itemPictureName(dataset, seed, index)],
      ...(way === "image" ? { texts: [sentence.text] } : {}),
      // A single pair has no other.
      scores: [own[index]!, other[index]!].filter(Number.isFinite),
      correct: Object.fromEntries(
        [1, 5].map((k) => [`${way}_retrieval_recall@${k}`, before[index]! < k]),
      ),
    }));
  const labels = { dataset, task: "zeroshot_retrieval", headline: "image_retrieval_recall@5" };
  const evaluation = summarizeItems(labels, [
    ...itemsOf("image", ranks.texts),
    ...itemsOf("text", ranks.images),
  ]);
  return [{ ...evaluation, items }];
}
