import { type DataSet, firstWithPicture } from "../../core/dataset.ts";
import { PictureError } from "../../core/images/picture_error.ts";
import type { Random } from "../../core/random.ts";

/** `"wider"` is a picture at least as wide as it is high, `"higher"` every other. */
export type Orientation = "wider" | "higher";

/** The orientation of a picture of this size. */
export function orientation(
  size: { readonly width: number; readonly height: number },
): Orientation {
  return size.width >= size.height ? "wider" : "higher";
}

/**
 * The index of a picture to put beside picture `index`: drawn uniformly from the whole set until
 * the orientation matches. A picture whose size cannot be read matches none.
 *
 * After `max(1000, 4 · length)` draws in vain the set is searched, so the drawing always ends.
 *
 * @param selfPairing Whether `index` itself may be drawn, or another example with its picture, as in
 *   the released code.
 * @throws {PictureError} if no picture of the set matches.
 */
export async function drawPartner(
  data: DataSet,
  index: number,
  wanted: Orientation,
  random: Random,
  { selfPairing }: { readonly selfPairing: boolean },
): Promise<number> {
  const own = firstWithPicture(data, index);
  const matches = async (candidate: number): Promise<boolean> => {
    if (!selfPairing && firstWithPicture(data, candidate) === own) return false;
    try {
      return orientation(await data.size(candidate)) === wanted;
    } catch (error) {
      if (error instanceof PictureError) return false;
      throw error;
    }
  };

  for (let draw = 0; draw < Math.max(1000, 4 * data.length); draw++) {
    const candidate = random.integer(data.length);
    if (await matches(candidate)) return candidate;
  }
  const all: number[] = [];
  for (let candidate = 0; candidate < data.length; candidate++) {
    if (await matches(candidate)) all.push(candidate);
  }
  if (all.length === 0) {
    const shape = wanted === "wider" ? "at least as wide as it is high" : "higher than wide";
    throw new PictureError(
      data.record(index).id,
      `expected a partner that is ${shape}, found no other picture of that shape in ${data.name}`,
    );
  }
  return random.pick(all);
}
