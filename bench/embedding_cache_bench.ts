/**
 * Embeddings of 25,000 texts of 512 values written to the cache, and read from it by another
 * encoder: `deno bench -A bench/embedding_cache_bench.ts`.
 */
import { cachedEncoder } from "../core/host/cache/embedding_cache.ts";
import type { Encoder } from "../core/evaluator.ts";

const dim = 512;
const texts = Array.from({ length: 25_000 }, (_, i) => `a photo of thing ${i}`);
const keys = { image: "00".repeat(32), text: "01".repeat(32) };

/** Embeds in no time, so that only the cache is measured. */
const free: Encoder = {
  dim,
  images: (count) => Promise.resolve(new Float32Array(count * dim)),
  texts: (texts) => Promise.resolve(new Float32Array(texts.length * dim).fill(0.5)),
};

const folder = await Deno.makeTempDir();
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
await cachedEncoder(free, { folder, keys }).texts(texts);

Deno.bench("25,000 embeddings written", { n: 3, warmup: 0 }, async () => {
  const other = await Deno.makeTempDir();
  await cachedEncoder(free, { folder: other, keys }).texts(texts);
  await Deno.remove(other, { recursive: true });
});

Deno.bench("25,000 embeddings found and read", { n: 3, warmup: 0 }, async () => {
  await cachedEncoder(free, { folder, keys }).texts(texts);
});
