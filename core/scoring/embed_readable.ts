import { nameEmbeddings } from "../embedding_error.ts";
import type { Encoder } from "../evaluator.ts";
import { PictureError } from "../images/picture_error.ts";
import type { Raster } from "../images/raster.ts";
import { alone, type Exchange } from "../processes/exchange.ts";

/** Embeddings of those of some pictures that can be decoded. */
export interface ReadableEmbeddings {
  /** `[kept.length, dim]` */
  readonly rows: Float32Array;
  /** The places of these pictures, ascending. */
  readonly kept: readonly number[];
  /** Why each of the others cannot be decoded, by its place. */
  readonly broken: ReadonlyMap<number, PictureError>;
}

/** Stands for a picture that cannot be decoded, in a chunk that is embedded with others. */
const NOTHING: Raster = { width: 1, height: 1, data: new Uint8Array(3) };

/**
 * Embeds pictures in one go; those that cannot be decoded are left out.
 *
 * @param read Gives the picture at a place.
 * @param nameOf Names it in errors.
 * @param exchange Where processes meet whose encoder parts the pictures: each finds those of its own
 *   part that cannot be decoded. Default: this process is alone.
 * @throws {EmbeddingError} if an embedding is not finite or has length 0, naming its picture.
 */
export async function embedReadable(
  encoder: Encoder,
  count: number,
  read: (place: number) => Promise<Raster>,
  nameOf: (place: number) => string,
  exchange: Exchange = alone,
): Promise<ReadableEmbeddings> {
  const { dim } = encoder;
  const found = new Map<number, PictureError>();
  const embedding = encoder.images(count, async (place) => {
    try {
      return await read(place);
    } catch (error) {
      if (!(error instanceof PictureError)) throw error;
      found.set(place, error);
      return NOTHING;
    }
  });
  const all = await nameEmbeddings(embedding, nameOf);
  const broken = await joinBroken(found, exchange);
  const kept = Array.from({ length: count }, (_, place) => place)
    .filter((place) => !broken.has(place));
  if (broken.size === 0) return { rows: all, kept, broken };
  const rows = new Float32Array(kept.length * dim);
  kept.forEach((place, i) => rows.set(all.subarray(place * dim, (place + 1) * dim), i * dim));
  return { rows, kept, broken };
}

async function joinBroken(
  own: ReadonlyMap<number, PictureError>,
  exchange: Exchange,
): Promise<ReadonlyMap<number, PictureError>> {
  if (exchange.size === 1) return own;
  const words = [...own].map(([place, { where, reason }]) =>
    JSON.stringify({ place, where, reason })
  );
  const all = (await exchange.gatherNames(words)).map((text) =>
    JSON.parse(text) as { readonly place: number; readonly where: string; readonly reason: string }
  );
  return new Map(all.map(({ place, where, reason }) => [place, new PictureError(where, reason)]));
}
