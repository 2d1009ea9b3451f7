import type { Encoder } from "../evaluator.ts";
import { checkEmbeddings } from "../embedding_error.ts";

/** Embeddings of texts, a row for each different one. */
export interface EmbeddedTexts {
  /** `[different texts, dim]` */
  readonly rows: Float32Array;
  /** The row of each text. */
  readonly rowOf: ReadonlyMap<string, number>;
}

/**
 * Embeds texts of which many may be equal: a row for each different one, in order of appearance.
 *
 * @throws {EmbeddingError} if an embedding is not finite or has length 0.
 */
export async function embedDistinctTexts(
  encoder: Encoder,
  texts: Iterable<string>,
): Promise<EmbeddedTexts> {
  const rowOf = new Map<string, number>();
  for (const text of texts) if (!rowOf.has(text)) rowOf.set(text, rowOf.size);
  const distinct = [...rowOf.keys()];
  const rows = await encoder.texts(distinct);
  checkEmbeddings("texts", rows, encoder.dim, (row) => JSON.stringify(distinct[row]));
  return { rows, rowOf };
}

/**
 * Embeds texts of which some may be equal: each different text once.
 *
 * @returns `[texts.length, dim]`, a row for each text in the order given.
 */
export async function embedTexts(
  encoder: Encoder,
  texts: readonly string[],
): Promise<Float32Array> {
  const { dim } = encoder;
  const { rows, rowOf } = await embedDistinctTexts(encoder, texts);
  const result = new Float32Array(texts.length * dim);
  texts.forEach((text, index) => {
    const row = rowOf.get(text)!;
    result.set(rows.subarray(row * dim, (row + 1) * dim), index * dim);
  });
  return result;
}
