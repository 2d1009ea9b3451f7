import type { DataSet } from "../../../core/dataset.ts";
import { PictureError } from "../../../core/images/picture_error.ts";

/** Pictures that are looked at, over the whole data set. */
const LOOKED_AT = 32;

/**
 * Looks for the pictures of some examples, evenly over a data set.
 *
 * @returns how many there are, for people.
 * @throws {PictureError} the first one's error, if not one is there.
 */
export async function checkPictures(data: DataSet): Promise<string> {
  const count = Math.min(LOOKED_AT, data.length);
  const places = Array.from({ length: count }, (_, i) => Math.floor(i * data.length / count));
  const faults: PictureError[] = [];
  for (const place of places) {
    try {
      await data.size(place);
    } catch (error) {
      if (!(error instanceof PictureError)) throw error;
      faults.push(error);
    }
  }
  const [first] = faults;
  if (first === undefined) return `${count} of ${count} looked at are there`;
  const message = `${faults.length} of ${count} looked at are not there: ${first.message}`;
  if (faults.length === count) throw new PictureError(data.name, message, { cause: first });
  return message;
}
