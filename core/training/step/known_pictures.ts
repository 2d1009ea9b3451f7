/**
 * What a frozen image tower made of pictures, kept for when they come again in later epochs.
 *
 * @module
 */
import { findNotFinite } from "../../finite.ts";

/**
 * Embeddings of the pictures that were seen, by all values of their pixels and by how many went
 * through the tower together: another number may give other last bits.
 */
export interface KnownPictures {
  /**
   * Embeds pictures; those that are known are not computed again.
   *
   * @param pixels `[count, 3, size, size]`, normalised.
   * @param batch How many pictures there are, how many go through the tower together, and the epoch
   *   that the batch began in. All that are computed go by as many, and only what went by as many is
   *   known, so that a row is the same to the last bit whether it was known or not.
   * @param compute Embeds `[n, 3, size, size]`, where n is `count` or a multiple of `together`.
   * @returns `[count, dim]`.
   */
  embed(
    pixels: Float32Array,
    batch: { readonly count: number; readonly together: number; readonly epoch: number },
    compute: (pixels: Float32Array, count: number) => Promise<Float32Array>,
  ): Promise<Float32Array>;
}

/** The most values that are kept: 256 MB, which are ViT-B/32's embeddings of 131,072 pictures. */
const MOST_VALUES = 2 ** 26;

/** Epochs after which it is clear that no picture comes again. */
const PATIENCE = 2;

/**
 * Knows no picture yet; once there is no room for more, it knows those that came first. Where none
 * comes again in two epochs, as where pictures are put together anew each time, it looks no further.
 *
 * @param dim Length of an embedding.
 * @param most The most values that are kept.
 */
export function createKnownPictures(dim: number, most: number = MOST_VALUES): KnownPictures {
  const known = new Map<string, Float32Array>();
  let began: number | undefined;
  let isUseful = false;
  return {
    embed: async (pixels, { count, together, epoch }, compute) => {
      began ??= epoch;
      if (!isUseful && epoch >= began + PATIENCE) {
        known.clear();
        return await compute(pixels, count);
      }
      const each = pixels.length / count;
      const pictureAt = (item: number) => pixels.subarray(item * each, (item + 1) * each);
      const items = Array.from({ length: count }, (_, item) => item);
      const keys = await Promise.all(
        items.map(async (item) => `${together} ${await digest(pictureAt(item))}`),
      );
      // Of equal pictures, one.
      const places = new Map(keys.map((key, item) => [key, item]));
      const missing = [...places].filter(([key]) => !known.has(key));
      isUseful ||= missing.length < places.size;

      const needed = new Set(missing.map(([, item]) => item));
      const length = together * Math.ceil(needed.size / together);
      const chosen = length >= count
        ? items
        : [...needed, ...items.filter((item) => !needed.has(item))].slice(0, length);
      const found = new Map<string, Float32Array>();
      if (length > 0) {
        const given = length >= count ? pixels : gathered(chosen.map(pictureAt), each);
        const rows = await compute(given, chosen.length);
        chosen.forEach((item, i) => found.set(keys[item]!, rows.slice(i * dim, (i + 1) * dim)));
      }
      const result = new Float32Array(count * dim);
      keys.forEach((key, item) => result.set(known.get(key) ?? found.get(key)!, item * dim));
      for (const [key] of missing) {
        const row = found.get(key)!;
        if ((known.size + 1) * dim <= most && findNotFinite(row) === -1) known.set(key, row);
      }
      return result;
    },
  };
}

function gathered(pictures: readonly Float32Array[], each: number): Float32Array {
  const pixels = new Float32Array(pictures.length * each);
  pictures.forEach((picture, i) => pixels.set(picture, i * each));
  return pixels;
}

/** SHA-256: that two pictures have the same by chance need not be thought of. */
async function digest(picture: Float32Array): Promise<string> {
  const bytes = new Uint8Array(picture.buffer, picture.byteOffset, picture.byteLength);
  const hash = await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  return String.fromCharCode(...new Uint16Array(hash));
}
