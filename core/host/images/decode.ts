import { PictureError } from "../../images/picture_error.ts";
import type { Raster } from "../../images/raster.ts";
import { shortened } from "../../shortened.ts";
import { decodeGif, gifSize, isGif } from "./gif.ts";
import { loadSharp } from "./load_sharp.ts";
import { checkPixels } from "./largest_picture.ts";
import { readPicture } from "./read_picture.ts";

/**
 * Decodes a JPEG, PNG, WebP, GIF (its first frame), TIFF or AVIF picture as Pillow's
 * `Image.open(…).convert("RGB")` does: colours are kept where they are transparent, and the opacity
 * beside them; grey and palettes are expanded; CMYK becomes `255 − K − C·(255 − K)/255`; colour profiles and the EXIF orientation are
 * ignored; a picture that ends early is refused. JPEG is within 2 levels of Pillow, whose decoder is
 * another. So is AVIF's with colours at full resolution; with colours at half of it (4:2:0), which
 * the two decoders interpolate differently, edges between colours were up to 77 levels apart in 28
 * photos, and the mean over a photo at most 2.2. Of 16-bit pixels the high byte is kept, which for
 * grey is what Pillow does for colour (its own 16-bit grey clips to white).
 *
 * @param source The path of a file, or the file's bytes.
 * @param where Names the picture in errors; default: the path.
 * @throws {PictureError} if there is no such file or it cannot be decoded.
 *
 * @example
 * ```ts
 * import { decodePicture } from "./decode.ts";
 *
 * const gif = Uint8Array.fromBase64("R0lGODdhAQABAIAAAP8AAAAAACwAAAAAAQABAAACAkQBADs=");
 * const { width, height, data } = await decodePicture(gif);
 * console.assert(width === 1 && height === 1 && data[0] === 255 && data[1] === 0);
 * ```
 */
export async function decodePicture(
  source: string | Uint8Array,
  where: string = typeof source === "string" ? source : "picture bytes",
): Promise<Raster> {
  const bytes = typeof source === "string" ? await readPicture(source, where) : source;
  const sharp = await loadSharp();
  try {
    // Its pixels are places in a palette, which open_clip resizes as they are.
    if (isGif(bytes)) return { ...decodeGif(bytes), indexed: true };
    const image = sharp(bytes, { ignoreIcc: true, failOn: "error" });
    const { space, isPalette, bitsPerSample, hasAlpha, ...size } = await image.metadata();
    checkPixels(size.width, size.height);
    const keepsAlpha = hasAlpha && space !== "cmyk";
    if (!keepsAlpha) image.removeAlpha();
    if (space === "cmyk") {
      // Asked for sRGB, libvips would go through a print profile; Pillow uses plain arithmetic.
      const { data, info } = await image.pipelineColourspace("cmyk").toColourspace("cmyk")
        .raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
      return { width: info.width, height: info.height, data: fromCmyk(data) };
    }
    const { data, info } = await image.toColourspace("srgb").raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    const { width, height } = info;
    return {
      ...{ width, height },
      ...(keepsAlpha
        ? splitAlpha(data)
        : { data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) }),
      ...(isPalette || bitsPerSample === 1 ? { indexed: true } : {}),
    };
  } catch (cause) {
    throw undecodable(where, cause);
  }
}

/**
 * Width and height of a picture, read from its header; as {@linkcode decodePicture} decodes it, so
 * before any EXIF rotation.
 *
 * @param source The path of a file, or the file's bytes.
 * @param where Names the picture in errors; default: the path.
 * @throws {PictureError} if there is no such file or it is not a picture.
 */
export async function pictureSize(
  source: string | Uint8Array,
  where: string = typeof source === "string" ? source : "picture bytes",
): Promise<{ readonly width: number; readonly height: number }> {
  const sharp = await loadSharp();
  try {
    const { width, height, format } = await sharp(source).metadata();
    if (format !== "gif") {
      checkPixels(width, height);
      return { width, height };
    }
    // A frame that is larger than its screen makes the picture larger.
    return gifSize(typeof source === "string" ? await readPicture(source, where) : source);
  } catch (cause) {
    // Told apart only now, so that the usual case opens the file once.
    if (typeof source === "string") await readPicture(source, where);
    throw undecodable(where, cause);
  }
}

function undecodable(where: string, cause: unknown): PictureError {
  const reason = "expected a whole JPEG, PNG, WebP, GIF, TIFF or AVIF picture, " +
    `found something that cannot be decoded (${messageOf(cause)})`;
  return new PictureError(where, reason, { cause });
}

function messageOf(error: unknown): string {
  // libvips adds a line for each thing that went wrong after the first.
  const [first = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
  return shortened(first);
}

/** Colours and opacity of pixels of four bytes each. */
function splitAlpha(rgba: Uint8Array): Pick<Raster, "data" | "opacity"> {
  const data = new Uint8Array((rgba.length / 4) * 3);
  const opacity = new Uint8Array(rgba.length / 4);
  for (let from = 0, to = 0, pixel = 0; from < rgba.length; from += 4) {
    data[to++] = rgba[from]!;
    data[to++] = rgba[from + 1]!;
    data[to++] = rgba[from + 2]!;
    opacity[pixel++] = rgba[from + 3]!;
  }
  return { data, opacity };
}

/** Pillow's `cmyk2rgb`: `MULDIV255` is the product over 255, rounded. */
function fromCmyk(cmyk: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((cmyk.length / 4) * 3);
  for (let from = 0, to = 0; from < cmyk.length; from += 4) {
    const light = 255 - cmyk[from + 3]!;
    for (let channel = 0; channel < 3; channel++) {
      const product = cmyk[from + channel]! * light + 128;
      rgb[to++] = Math.max(0, light - (((product >> 8) + product) >> 8));
    }
  }
  return rgb;
}
