import type { Context } from "../../../core/context.ts";
import type { Encoder } from "../../../core/evaluator.ts";
import { checkEmbeddings, nameEmbeddings } from "../../../core/embedding_error.ts";
import { PictureError } from "../../../core/images/picture_error.ts";
import type { Raster } from "../../../core/images/raster.ts";

/** Pictures by position. */
export interface PictureList {
  readonly count: number;
  /** The picture, decoded. */
  readonly read: (index: number) => Promise<Raster>;
  /** Names what it shows, as `pictureKey` does; without it nothing is kept of the picture. */
  readonly key?: ((index: number) => Promise<string>) | undefined;
  /** Names it for people: its file. */
  readonly name: (index: number) => string;
}

/** What an encoder made of pictures. */
export interface EmbeddedPictures {
  /** A row for each picture that can be decoded. */
  readonly rows: Float32Array;
  /** The positions of these pictures, ascending. */
  readonly kept: readonly number[];
  /** The positions of those that cannot be decoded, ascending. */
  readonly broken: readonly number[];
}

/** Pictures that are in memory at a time while those that are broken are looked for. */
const BLOCK = 64;

/**
 * Embeds pictures. One that cannot be decoded is an error, unless somebody is told of it: then it is
 * left out.
 *
 * @param onBroken Hears of each picture that is left out.
 * @throws {PictureError} if a picture cannot be decoded and nobody is told, or none can be.
 * @throws {EmbeddingError} if an embedding is not finite or has length 0, naming its picture.
 */
export async function embedPictures(
  encoder: Encoder,
  { count, read, key, name }: PictureList,
  onBroken?: (error: PictureError) => void,
): Promise<EmbeddedPictures> {
  const embed = async (kept: readonly number[]) => {
    const nameOf = (row: number) => name(kept[row]!);
    const rows = await nameEmbeddings(
      encoder.images(kept.length, (i) => read(kept[i]!), key && ((i) => key(kept[i]!))),
      nameOf,
    );
    checkEmbeddings("images", rows, encoder.dim, nameOf);
    return rows;
  };
  const all = Array.from({ length: count }, (_, index) => index);
  try {
    return { rows: await embed(all), kept: all, broken: [] };
  } catch (error) {
    if (onBroken === undefined || !(error instanceof PictureError)) throw error;
    // One broken picture ends an encoder's work, so all others are found before it begins again.
    const broken = await findBroken(all, read);
    const kept = all.filter((index) => !broken.has(index));
    if (kept.length === 0) throw error;
    for (const fault of broken.values()) onBroken(fault);
    return { rows: await embed(kept), kept, broken: [...broken.keys()] };
  }
}

/** Tells of pictures that are left out of a benchmark. */
export function logBroken(
  { log }: Pick<Context, "log">,
  name: string,
): (error: PictureError) => void {
  return ({ message }) => log(`${name}: ${message}; it counts as missing`);
}

async function findBroken(
  all: readonly number[],
  read: PictureList["read"],
): Promise<Map<number, PictureError>> {
  const broken = new Map<number, PictureError>();
  for (let start = 0; start < all.length; start += BLOCK) {
    const block = all.slice(start, start + BLOCK);
    const faults = await Promise.all(block.map((index) => faultOf(() => read(index))));
    for (const [i, fault] of faults.entries()) {
      if (fault !== undefined) broken.set(block[i]!, fault);
    }
  }
  return broken;
}

async function faultOf(read: () => Promise<Raster>): Promise<PictureError | undefined> {
  try {
    await read();
    return undefined;
  } catch (error) {
    if (error instanceof PictureError) return error;
    throw error;
  }
}
