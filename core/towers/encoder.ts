import type { Encoder } from "../evaluator.ts";
import { checkEmbeddings, pictureAt } from "../embedding_error.ts";
import { createNormalizer } from "../images/normalize.ts";
import { squareCrop } from "../images/crop.ts";
import { createForward, type ForwardOptions } from "./forward.ts";

/**
 * An encoder for benchmarks: the model's preprocessing and tokenizer, its towers, rows of unit
 * length. Its methods throw an {@linkcode EmbeddingError} for an embedding that has no direction.
 */
export function createEncoder(options: ForwardOptions): Encoder {
  const { model, chunk } = options;
  const { preprocessing, dim } = model;
  const forward = createForward(options);
  const normalize = createNormalizer(preprocessing);
  const side = preprocessing.size;
  const each = 3 * side * side;
  return {
    dim,
    images: async (count, picture) => {
      const result = new Float32Array(count * dim);
      for (let start = 0; start < count; start += chunk) {
        const size = Math.min(chunk, count - start);
        const pixels = new Float32Array(size * each);
        const rasters = await Promise.all(
          Array.from({ length: size }, (_, i) => picture(start + i)),
        );
        for (const [i, raster] of rasters.entries()) {
          normalize(squareCrop(raster, side, preprocessing.fit), pixels, i * each);
        }
        result.set(await forward.images(pixels, size), start * dim);
      }
      checkEmbeddings("image tower", result, dim, pictureAt);
      return toUnitRows(result, dim);
    },
    texts: async (texts) => {
      const { tokenizer, text } = model;
      const tokens = texts.map((line) => tokenizer.encode(line, text.contextLength));
      const result = await forward.texts(tokens);
      checkEmbeddings("text tower", result, dim, (row) => JSON.stringify(texts[row]));
      return toUnitRows(result, dim);
    },
  };
}

function toUnitRows(rows: Float32Array, dim: number): Float32Array {
  for (let start = 0; start < rows.length; start += dim) {
    let squares = 0;
    for (let i = start; i < start + dim; i++) squares += rows[i]! ** 2;
    const scale = 1 / Math.sqrt(squares);
    for (let i = start; i < start + dim; i++) rows[i]! *= scale;
  }
  return rows;
}
