import { findNotFinite } from "./finite.ts";

/** An embedding that no cosine can be computed of: it is not finite, or has no length. */
export class EmbeddingError extends RangeError {
  /** The class's name, before the message. */
  override readonly name = "EmbeddingError";

  /**
   * An error that says what is wrong with the embedding of which item.
   *
   * @param from What gave the embedding: `"image tower"`.
   * @param row Its row among those that were embedded together.
   * @param fault What is wrong with it.
   * @param item What it is an embedding of.
   */
  constructor(
    readonly from: string,
    readonly row: number,
    readonly fault: string,
    item: string = `row ${row}`,
  ) {
    super(`${from}: the embedding of ${item} ${fault}; are the weights damaged?`);
  }
}

/** Whether a row is finite and has some length. */
export function isEmbedding(row: Float32Array): boolean {
  return findNotFinite(row) === -1 && row.some((value) => value !== 0);
}

/**
 * Refuses embeddings that would be counted as near or far without being either: comparisons with a
 * NaN never hold, and a row of length 0 is equally near to all.
 *
 * @param from What gave them: `"image tower"`.
 * @param rows `[count, dim]`.
 * @param itemOf What row `row` is an embedding of. Default: `row <row>`.
 * @throws {EmbeddingError} naming the first that is not finite or has length 0.
 */
export function checkEmbeddings(
  from: string,
  rows: Float32Array,
  dim: number,
  itemOf?: (row: number) => string,
): void {
  const refuse = (row: number, fault: string): never => {
    throw new EmbeddingError(from, row, fault, itemOf?.(row));
  };
  const place = findNotFinite(rows);
  if (place !== -1) {
    refuse(Math.floor(place / dim), `holds ${rows[place]}, expected finite values`);
  }
  for (let start = 0; start < rows.length; start += dim) {
    let at = start;
    while (at < start + dim && rows[at] === 0) at++;
    if (at === start + dim) refuse(start / dim, "has length 0, expected a direction");
  }
}

/**
 * Names the item of an {@linkcode EmbeddingError} as the caller knows it.
 *
 * @param itemOf The item that was embedded at a row, as a name or as its place.
 */
export async function nameEmbeddings<T>(
  embedding: Promise<T>,
  itemOf: (row: number) => string | number,
): Promise<T> {
  try {
    return await embedding;
  } catch (error) {
    if (!(error instanceof EmbeddingError)) throw error;
    const item = itemOf(error.row);
    throw typeof item === "string"
      ? new EmbeddingError(error.from, error.row, error.fault, item)
      : new EmbeddingError(error.from, item, error.fault, pictureAt(item));
  }
}

/** A picture that has no name but its place, from 0. */
export function pictureAt(place: number): string {
  return `picture ${place}`;
}
