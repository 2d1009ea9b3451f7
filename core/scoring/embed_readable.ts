import { nameEmbeddings } from "../embedding_error.ts";
import type { Encoder } from "../evaluator.ts";
import { ImageError } from "../images/image_error.ts";
import type { Raster } from "../images/raster.ts";

/** Embeddings of those of some pictures that can be decoded. */
export interface ReadableEmbeddings {
  /** `[kept.length, dim]` */
  readonly rows: Float32Array;
  /** The places of these pictures, ascending. */
  readonly kept: readonly number[];
  /** Why each of the others cannot be decoded, by its place. */
  readonly broken: ReadonlyMap<number, ImageError>;
}

/** Stands for a picture that cannot be decoded, in a chunk that is embedded with others. */
const NOTHING: Raster = { width: 1, height: 1, data: new Uint8Array(3) };

/**
 * Embeds pictures in one go; those that cannot be decoded are left out.
 *
 * @param read Gives the picture at a place.
 * @param nameOf Names it in errors.
 * @throws {EmbeddingError} if an embedding is not finite or has length 0, naming its picture.
 */
export async function embedReadable(
  encoder: Encoder,
  count: number,
  read: (place: number) => Promise<Raster>,
  nameOf: (place: number) => string,
): Promise<ReadableEmbeddings> {
  const { dim } = encoder;
  const broken = new Map<number, ImageError>();
  const embedding = encoder.images(count, async (place) => {
    try {
      return await read(place);
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      broken.set(place, error);
      return NOTHING;
    }
  });
  const all = await nameEmbeddings(embedding, nameOf);
  const kept = Array.from({ length: count }, (_, place) => place)
    .filter((place) => !broken.has(place));
  if (broken.size === 0) return { rows: all, kept, broken };
  const rows = new Float32Array(kept.length * dim);
  kept.forEach((place, i) => rows.set(all.subarray(place * dim, (place + 1) * dim), i * dim));
  return { rows, kept, broken };
}
