import { embedTexts } from "../../../core/scoring/embed_texts.ts";
import { retrievalRanks } from "../../../core/scoring/retrieval.ts";
import { summarizeItems } from "../../../core/scoring/summarize.ts";
import type { Encoder, Evaluation, ItemScore } from "../../../core/evaluator.ts";
import type { CaptionedPicture } from "./karpathy.ts";

/**
 * Retrieval both ways: the recalls, and an item score for each caption, then for each picture.
 *
 * @param images `[pictures, dim]`: the pictures' embeddings, in their order.
 */
export async function evaluateRetrieval(
  encoder: Encoder,
  dataset: string,
  pictures: readonly CaptionedPicture[],
  images: Float32Array,
  partial: Evaluation["partial"] | undefined,
): Promise<Evaluation> {
  const lines = pictures.flatMap(({ captions }, picture) =>
    captions.map((caption, place) => ({ caption, picture, place }))
  );
  const texts = await embedTexts(encoder, lines.map(({ caption }) => caption));
  const imageOfText = lines.map(({ picture }) => picture);
  const ranks = retrievalRanks({ images, texts, imageOfText }, encoder.dim);
  const hits = (way: string, before: number) =>
    Object.fromEntries([1, 5, 10].map((k) => [`${way}_retrieval_recall@${k}`, before < k]));
  const ofTexts = lines.map(({ caption, picture, place }, index): ItemScore => ({
    id: `${pictures[picture]!.file}#${place}`,
    images: [pictures[picture]!.file],
    texts: [caption],
    scores: cosines(ranks.texts, index),
    correct: hits("image", ranks.texts.before[index]!),
  }));
  const ofPictures = pictures.map(({ file }, index): ItemScore => ({
    id: file,
    images: [file],
    scores: cosines(ranks.images, index),
    correct: hits("text", ranks.images.before[index]!),
  }));
  const labels = {
    dataset,
    task: "zeroshot_retrieval",
    headline: "image_retrieval_recall@1",
    partial,
  };
  return {
    ...summarizeItems(labels, [...ofTexts, ...ofPictures]),
    chance: chanceOf(pictures, lines.length),
    items: pictures.length,
  };
}

/** The odds of finding a right answer among the first k of an order drawn at random. */
function chanceOf(pictures: readonly CaptionedPicture[], texts: number): Record<string, number> {
  const ks = [1, 5, 10];
  const found = (k: number, right: number) => {
    let missed = 1;
    for (let i = 0; i < k; i++) missed *= Math.max(0, texts - right - i) / (texts - i || 1);
    return 1 - missed;
  };
  const ofTexts = (k: number) =>
    pictures.reduce((sum, { captions }) => sum + found(k, captions.length), 0) / pictures.length;
  return Object.fromEntries([
    ...ks.map((k) => [`image_retrieval_recall@${k}`, Math.min(1, k / pictures.length)]),
    ...ks.map((k) => [`text_retrieval_recall@${k}`, ofTexts(k)]),
  ]);
}

/** The cosine with the right answer and, if there is any other, with the nearest of those. */
function cosines(
  { own, other }: { readonly own: Float64Array; readonly other: Float64Array },
  index: number,
): number[] {
  return [own[index]!, other[index]!].filter(Number.isFinite);
}
