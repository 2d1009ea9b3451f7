/**
 * Retrieval at the size of COCO's test split, 5,000 pictures and 25,000 texts of 512 values:
 * `deno bench -A bench/retrieval_bench.ts`. Beside the embeddings (62 MB) it needs next to nothing:
 * similarities are counted as they come, not kept.
 */
import { retrievalRecall } from "../core/scoring/retrieval.ts";
import { createRandom } from "../core/random.ts";

const dim = 512;

function unitRows(rows: number, seed: number): Float32Array {
  const random = createRandom(seed);
  const result = new Float32Array(rows * dim);
  for (let start = 0; start < result.length; start += dim) {
    let squares = 0;
    for (let i = start; i < start + dim; i++) squares += (result[i] = random.normal()) ** 2;
    for (let i = start; i < start + dim; i++) result[i]! /= Math.sqrt(squares);
  }
  return result;
}

const images = unitRows(5000, 1);
const texts = unitRows(25_000, 2);
const imageOfText = Array.from({ length: 25_000 }, (_, text) => Math.floor(text / 5));

Deno.bench("recall of 5,000 pictures and 25,000 texts", { n: 1, warmup: 0 }, () => {
  const before = Deno.memoryUsage().rss;
  retrievalRecall({ images, texts, imageOfText }, dim);
  const grown = Math.round((Deno.memoryUsage().rss - before) / 2 ** 20);
  console.error(`memory grew by ${grown} MiB`);
});
