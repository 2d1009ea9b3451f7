/**
 * Pictures as composers ask for them, decoded and resized, kept for when they come again: in another
 * epoch, with another of their captions, beside another picture.
 *
 * @module
 */
import { type DataSet, firstWithPicture } from "../../dataset.ts";
import type { Device } from "../../device/device.ts";
import type { PictureOperation } from "../../images/operation.ts";
import type { Raster } from "../../images/raster.ts";

/** The most that is kept: 512 MiB, which are 7,133 halves of CLIC's at 224 pixels, or 3,566 squares. */
const MOST = 2 ** 29;

/** What is kept where nothing tells the memory, as in a browser or where a GPU computes. */
const UNKNOWN = 2 ** 28;

/** Of the memory of a machine that computes on its processor this share is used: 256 MiB of 8 GiB. */
const SHARE = 1 / 32;

/** Bytes of pictures that a process keeps, by the memory that is its own. */
export function rasterRoom({ limits: { memoryBytes } }: Pick<Device, "limits">): number {
  return memoryBytes === undefined ? UNKNOWN : Math.min(MOST, Math.floor(SHARE * memoryBytes));
}

/**
 * Whether a run of so many steps shows a picture again, in another epoch or with another of its
 * captions.
 */
export function comesAgain(
  data: Pick<DataSet, "length" | "pictureOf">,
  { steps, batch }: { readonly steps: number; readonly batch: number },
): boolean {
  return steps * batch > data.length || data.pictureOf !== undefined;
}

/**
 * The same data, which keep what `pixels` gave as a square or squashed. Other pictures are not kept: a
 * whole one is large, and a rectangle that is drawn at random does not come again. Once there is no
 * room for more, those stay that came first, since an epoch goes through all before one comes again.
 *
 * What is asked for twice at once is decoded once. Examples that share a picture get that of the first
 * one. A picture that cannot be decoded is tried, and fails, each time. The pixels that somebody is
 * given are a copy of their own.
 *
 * @param room The most bytes that are kept, of the data and their negatives together.
 */
export function keepRasters(data: DataSet, room: number): DataSet {
  let left = room;
  /** Whether there was room for a picture, which then is taken. */
  const take = ({ data, opacity }: Raster): boolean => {
    const bytes = data.byteLength + (opacity?.byteLength ?? 0);
    if (bytes > left) return false;
    left -= bytes;
    return true;
  };
  return withKept(data, take);
}

function withKept(data: DataSet, take: (raster: Raster) => boolean): DataSet {
  /** What is kept, and what is under way. */
  const known = new Map<string, Promise<Raster>>();
  const pixels: DataSet["pixels"] = async (index, operation) => {
    if (!isKept(operation)) return await data.pixels(index, operation);
    const picture = firstWithPicture(data, index);
    const key = `${picture} ${JSON.stringify(operation)}`;
    return copyOf(await (known.get(key) ?? begin(key, data.pixels(picture, operation))));
  };
  const begin = (key: string, picture: Promise<Raster>): Promise<Raster> => {
    known.set(key, picture);
    const forget = () => known.delete(key);
    picture.then((raster) => take(raster) || forget(), forget);
    return picture;
  };
  const negatives = data.negatives && withKept(data.negatives, take);
  // Whatever else the data have, for composers that know them, stays as it is; functions are called
  // on the data themselves, which may be of a class with private fields.
  return new Proxy<DataSet>(Object.create(data), {
    get: (_, name) => {
      if (name === "pixels") return pixels;
      if (name === "negatives") return negatives;
      const value = Reflect.get(data, name);
      return typeof value === "function" ? value.bind(data) : value;
    },
  });
}

function isKept(operation: PictureOperation | undefined): boolean {
  return operation?.kind === "square" || operation?.kind === "squash";
}

function copyOf(raster: Raster): Raster {
  const { data, opacity } = raster;
  return {
    ...raster,
    data: new Uint8Array(data),
    ...(opacity === undefined ? {} : { opacity: new Uint8Array(opacity) }),
  };
}
