import { sha256OfText } from "../../core/host/sha256_of_text.ts";
import type { DataSet } from "../../core/dataset.ts";

/**
 * The captions of a data set as examples of their own: each with its picture, and with its picture's
 * name and its number from 1 as id (`000000000009.jpg#2`).
 *
 * @param count How many captions a picture has.
 */
export function eachCaption(data: DataSet, count: (picture: number) => number): DataSet {
  /** Of each picture how many captions stand before its own; at the end, how many there are. */
  const firsts = new Uint32Array(data.length + 1);
  for (let picture = 0; picture < data.length; picture++) {
    firsts[picture + 1] = firsts[picture]! + count(picture);
  }
  const length = firsts[data.length]!;
  /** The last picture that does not begin behind a caption: each has one at least. */
  const placeOf = (index: number): number => {
    if (!Number.isInteger(index) || index < 0 || index >= length) {
      throw new RangeError(
        `${data.name}: expected an example from 0 to ${length - 1}, found ${index}`,
      );
    }
    let [low, high] = [0, data.length];
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (firsts[middle]! <= index) low = middle;
      else high = middle;
    }
    return low;
  };
  return {
    name: data.name,
    length,
    faults: data.faults,
    ...(data.stretches === undefined ? {} : {
      stretches: {
        starts: data.stretches.starts.map((picture) => firsts[picture]!),
        window: data.stretches.window,
      },
    }),
    ...(data.faultCount === undefined ? {} : { faultCount: data.faultCount }),
    record(index) {
      const place = placeOf(index);
      const { id, captions } = data.record(place);
      const which = index - firsts[place]!;
      return { id: `${id}#${which + 1}`, captions: [captions[which]!] };
    },
    // Async functions, so that an index out of range rejects as it does for any data set.
    size: async (index) => await data.size(placeOf(index)),
    pixels: async (index, operation) => await data.pixels(placeOf(index), operation),
    pictureOf: (index) => firsts[placeOf(index)]!,
    pictureId: (index) => data.record(placeOf(index)).id,
    fingerprint: async () => sha256OfText(`each caption of ${await data.fingerprint()}`),
  };
}
