import { createHash } from "node:crypto";
import type { PictureOperation } from "../../images/operation.ts";
import { isGif } from "./gif.ts";
import { readPicture } from "./read_picture.ts";

/**
 * Names what a picture file shows after an operation, by the bytes of the file: what an encoder that
 * keeps embeddings asks for instead of the picture. Reading a file takes a small part of the time
 * that decoding it does.
 *
 * @param source The path of a file, or the file's bytes.
 * @param operation What is done to the picture after decoding. Default: nothing.
 * @throws {PictureError} if there is no such file or it cannot be read.
 *
 * @example
 * ```ts
 * import { pictureKey } from "./picture_key.ts";
 *
 * const path = `${await Deno.makeTempDir()}/a.gif`;
 * await Deno.writeFile(path, Uint8Array.fromBase64("R0lGODdhAQABAIAAAP8AAAAAACwAAAAAAQABAAACAkQBADs="));
 * console.assert(await pictureKey(path) !== await pictureKey(path, { kind: "square", size: 2 }));
 * ```
 */
export async function pictureKey(
  source: string | Uint8Array,
  operation: PictureOperation = { kind: "full" },
): Promise<string> {
  const bytes = typeof source === "string" ? await readPicture(source, source) : source;
  const hash = createHash("sha256").update(bytes).digest("hex");
  // A decoder that makes other pixels than before is another name: what was kept then is of those.
  const decoder = isGif(bytes) ? "gif as Pillow, with opacity " : "";
  return `${decoder}${hash} ${JSON.stringify(operation)}`;
}
