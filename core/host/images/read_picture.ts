import { PictureError } from "../../images/picture_error.ts";

/**
 * The bytes of a picture's file.
 *
 * @param where Names the picture in errors.
 * @throws {PictureError} if there is no such file or it cannot be read.
 */
export async function readPicture(
  path: string,
  where: string,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await Deno.readFile(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) {
      throw new PictureError(where, `expected a picture, found no file at ${path}`, { cause });
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PictureError(where, `cannot be read (${reason})`, { cause });
  }
}
