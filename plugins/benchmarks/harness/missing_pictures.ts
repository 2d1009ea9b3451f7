import { PictureError } from "../../../core/images/picture_error.ts";

/** How many names the message tells. */
const NAMED = 20;

/** Pictures of a benchmark that are not there. */
export class MissingPicturesError extends PictureError {
  /**
   * An error about all pictures that are missing.
   *
   * @param where The folders or the data that were looked in.
   * @param expected How many pictures there should be.
   * @param missing All that are missing, by the names that the benchmark gives them; the message
   *   tells the first 20 and how many more there are.
   * @param note What follows the names in the message.
   *
   * @example
   * ```ts
   * import { MissingPicturesError } from "./missing_pictures.ts";
   *
   * const error = new MissingPicturesError("val2017", 5000, ["000000000139.jpg"], "");
   * console.assert(
   *   error.message === "val2017: expected 5000 pictures, found 1 missing: 000000000139.jpg",
   * );
   * ```
   */
  constructor(where: string, expected: number, readonly missing: readonly string[], note: string) {
    const names = missing.slice(0, NAMED).join(", ");
    const more = missing.length > NAMED ? ` and ${missing.length - NAMED} more` : "";
    super(
      where,
      `expected ${expected} pictures, found ${missing.length} missing: ${names}${more}${note}`,
    );
  }
}
