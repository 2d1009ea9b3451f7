import { expect } from "expect";
import type { Encoder } from "../../../core/evaluator.ts";
import { classWeights, zeroShotScores } from "../../../core/scoring/zero_shot.ts";
import { embedTexts } from "../../../core/scoring/embed_texts.ts";
import { retrievalRecall } from "../../../core/scoring/retrieval.ts";

const f = (...values: number[]) => Float32Array.from(values);

Deno.test("retrievalRecall: ranks both ways with several texts a picture", () => {
  // Pictures on the axes of three dimensions: a text's cosine with picture i is its value i.
  const images = f(1, 0, 0, 0, 1, 0, 0, 0, 1);
  const texts = f(
    ...[0.9, 0.1, 0.0], // of 0
    ...[0.2, 0.3, 0.1], // of 0, nearer to 1
    ...[0.8, 0.5, 0.6], // of 1, nearer to 0 and 2
    ...[0.3, 0.2, 0.7], // of 2
  );
  const recall = retrievalRecall({ images, texts, imageOfText: [0, 0, 1, 2] }, 3, [1, 2, 3]);
  // Texts to pictures: right ranks are 1, 2, 3, 1.
  expect(recall["image_retrieval_recall@1"]).toBe(2 / 4);
  expect(recall["image_retrieval_recall@2"]).toBe(3 / 4);
  expect(recall["image_retrieval_recall@3"]).toBe(1);
  // Pictures to texts, scores by picture: 0: own .9, .2, others .8, .3: rank 1 by its first text.
  // 1: own .5, others .1, .3, .2: rank 1. 2: own .7, others 0, .1, .6: rank 1.
  expect(recall["text_retrieval_recall@1"]).toBe(1);
});

Deno.test("retrievalRecall: a tie ranks before the right answer, own texts never do", () => {
  // Both pictures are equal, so each text's own picture ties with the other: no hit at 1, all at 2.
  // Picture 0 scores 1 with each of its two texts and 1 with the other's: one wrong before it.
  const images = f(1, 0, 1, 0);
  const texts = f(1, 0, 1, 0, 1, 0);
  const recall = retrievalRecall({ images, texts, imageOfText: [0, 0, 1] }, 2, [1, 2, 3]);
  expect(recall).toEqual({
    "image_retrieval_recall@1": 0,
    "image_retrieval_recall@2": 1,
    "image_retrieval_recall@3": 1,
    "text_retrieval_recall@1": 0,
    "text_retrieval_recall@2": 1 / 2, // picture 1 has both of picture 0's texts before its own
    "text_retrieval_recall@3": 1,
  });
});

Deno.test("retrievalRecall: finds what CLIP_benchmark's rule finds", async () => {
  const file = new URL("../../golden/evaluation/retrieval_recall.json", import.meta.url);
  const { dim, images, texts, image_of_text, recall } = JSON.parse(await Deno.readTextFile(file));
  const unitRows = (rows: number[][]) =>
    Float32Array.from(rows.flatMap((row) => row.map((value) => value / Math.hypot(...row))));
  const items = { images: unitRows(images), texts: unitRows(texts), imageOfText: image_of_text };
  const found = retrievalRecall(items, dim);
  expect(Object.keys(found).toSorted()).toEqual(Object.keys(recall).toSorted());
  for (const [metric, value] of Object.entries(found)) {
    expect(value).toBeCloseTo(recall[metric], 12);
  }
});

Deno.test("retrievalRecall: refuses a text without a picture and a picture without a text", () => {
  const images = f(1, 0, 0, 1);
  const texts = f(1, 0, 0, 1);
  const recall = (imageOfText: number[]) => retrievalRecall({ images, texts, imageOfText }, 2);
  expect(() => recall([0, 2])).toThrow(
    new RangeError("imageOfText[1]: expected a row from 0 to 1, found 2"),
  );
  expect(() => recall([1, 1])).toThrow(
    new RangeError("imageOfText: expected a text for every picture, found none for 0"),
  );
  expect(() => recall([0])).toThrow(TypeError);
});

Deno.test("classWeights: normalises prompts, averages them and normalises the mean", () => {
  // Class 0: (2, 0) and (0, 5) become (1, 0) and (0, 1), their mean points along the diagonal.
  // Class 1: (-3, 0) twice is (-1, 0).
  const weights = classWeights(f(2, 0, 0, 5, -3, 0, -3, 0), 2, 2);
  expect([...weights]).toEqual([Math.fround(Math.SQRT1_2), Math.fround(Math.SQRT1_2), -1, 0]);
  expect(() => classWeights(f(1, 0, 1, 0, 1, 0), 2, 2)).toThrow(
    new TypeError("prompts: expected a multiple of 2 rows, found 3"),
  );
});

Deno.test("zeroShotScores: accuracy and mean per-class recall by hand", () => {
  // Classes on six axes; a picture's score for a class is its value there.
  const weights = new Float32Array(36);
  for (let row = 0; row < 6; row++) weights[row * 7] = 1;
  const images = f(
    ...[0.9, 0.1, 0.2, 0.3, 0.4, 0.5], // of 0: first
    ...[0.5, 0.9, 0.1, 0.2, 0.3, 0.4], // of 0: second
    ...[0.9, 0.1, 0.5, 0.6, 0.7, 0.8], // of 1: sixth
    ...[0.5, 0.4, 0.5, 0.1, 0.1, 0.1], // of 2: ties with class 0, so second
    ...[0.1, 0.2, 0.3, 0.9, 0.5, 0.5], // of 3: first
  );
  const scores = zeroShotScores(images, weights, [0, 0, 1, 2, 3], 6);
  expect(scores.acc1).toBe(2 / 5);
  expect(scores.acc5).toBe(4 / 5);
  // Recalls 1/2, 0, 0, 1; classes 4 and 5 do not occur and do not count.
  expect(scores.mean_per_class_recall).toBe(1.5 / 4);
});

Deno.test("zeroShotScores: refuses a label that is no class", () => {
  expect(() => zeroShotScores(f(1, 0), f(1, 0, 0, 1), [2], 2)).toThrow(
    new RangeError("labels[0]: expected a row from 0 to 1, found 2"),
  );
  expect(() => zeroShotScores(f(1, 0), f(1, 0), [0, 0], 2)).toThrow(TypeError);
  expect(() => zeroShotScores(f(), f(1, 0), [], 2)).toThrow(RangeError);
});

Deno.test("embedTexts: embeds equal texts once and returns a row for each", async () => {
  const asked: string[] = [];
  const encoder: Encoder = {
    dim: 2,
    images: () => Promise.reject(new Error("not asked for")),
    texts: (texts) => {
      asked.push(...texts);
      return Promise.resolve(Float32Array.from(texts.flatMap((text) => [text.length, 1])));
    },
  };
  const rows = await embedTexts(encoder, ["aa", "b", "aa", "ccc"]);
  expect(asked).toEqual(["aa", "b", "ccc"]);
  expect([...rows]).toEqual([2, 1, 1, 1, 2, 1, 3, 1]);
});
