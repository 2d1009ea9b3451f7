import { createHash } from "node:crypto";
import type { DataSet } from "../../core/dataset.ts";

/**
 * The captions of a data set as examples of their own: each with its picture, and with its picture's
 * name and its number from 1 as id (`000000000009.jpg#2`).
 */
export function eachCaption(data: DataSet): DataSet {
  const firsts: number[] = [];
  const places: number[] = [];
  for (let picture = 0; picture < data.length; picture++) {
    firsts.push(places.length);
    for (const _ of data.record(picture).captions) places.push(picture);
  }
  const placeOf = (index: number): number => {
    const place = places[index];
    if (place !== undefined) return place;
    throw new RangeError(
      `${data.name}: expected an example from 0 to ${places.length - 1}, found ${index}`,
    );
  };
  return {
    name: data.name,
    length: places.length,
    faults: data.faults,
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
    fingerprint: async () =>
      createHash("sha256").update(`each caption of ${await data.fingerprint()}`).digest("hex"),
  };
}
