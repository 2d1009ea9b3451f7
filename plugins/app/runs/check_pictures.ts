import type { DataSet } from "../../../core/dataset.ts";
import { ImageError } from "../../../core/images/image_error.ts";

/** Pictures that are looked at, over the whole data set. */
const LOOKED_AT = 32;

/**
 * Looks for the pictures of some examples, evenly over a data set.
 *
 * @returns how many there are, for people.
 * @throws {ImageError} the first one's error, if not one is there.
 */
export async function checkPictures(data: DataSet): Promise<string> {
  const count = Math.min(LOOKED_AT, data.length);
  const places = Array.from({ length: count }, (_, i) => Math.floor(i * data.length / count));
  const faults: ImageError[] = [];
  for (const place of places) {
    try {
      await data.size(place);
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      faults.push(error);
    }
  }
  const [first] = faults;
  if (first === undefined) return `${count} of ${count} looked at are there`;
  const message = `${faults.length} of ${count} looked at are not there: ${first.message}`;
  if (faults.length === count) throw new ImageError(data.name, message, { cause: first });
  return message;
}
