import { crc32 } from "node:zlib";
import sharp, { type Sharp } from "sharp";
import { pictureSize } from "../../../core/host/images/decode.ts";
import { createPicturePool } from "../../../core/host/images/pool.ts";
import type { FuzzCase } from "../fuzz_case.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const golden = new URL("../../golden/preprocess/", import.meta.url).pathname;
const images = createPicturePool({ workers: 0 });

/** Pictures of every format that is decoded, as Pillow and libvips write them. */
export const pictures: readonly FuzzCase[] = [
  picture("JPEG", "a.jpg", async () => [
    await draw().jpeg().toBuffer(),
    await draw().jpeg({ progressive: true, chromaSubsampling: "4:4:4" }).toBuffer(),
    await draw().greyscale().jpeg().toBuffer(),
    await draw().toColourspace("cmyk").jpeg().toBuffer(),
  ]),
  {
    ...picture("PNG", "a.png", async () => [
      ...await goldens(["small", "gray", "alpha", "bits", "palette", "clear_palette"], "png"),
      await draw().png({ progressive: true }).toBuffer(),
      await draw().toColourspace("rgb16").png().toBuffer(),
    ]),
    seal: sealPng,
  },
  picture("WebP", "a.webp", async () => [
    await draw().webp().toBuffer(),
    await draw().webp({ lossless: true }).toBuffer(),
    await draw().ensureAlpha(0.5).webp().toBuffer(),
  ]),
  picture("GIF", "a.gif", async () => [
    ...await goldens(["palette"], "gif"),
    await draw().gif().toBuffer(),
    await draw().gif({ interlaced: true } as never).toBuffer(),
    Uint8Array.fromBase64("R0lGODdhAQABAIAAAP8AAAAAACwAAAAAAQABAAACAkQBADs="),
  ]),
  picture("TIFF", "a.tif", async () => [
    await draw().tiff({ compression: "none" }).toBuffer(),
    await draw().tiff({ compression: "lzw", predictor: "horizontal" }).toBuffer(),
    await draw().tiff({ compression: "jpeg", tile: true }).toBuffer(),
    await draw().tiff({ bigtiff: true, compression: "deflate" }).toBuffer(),
  ]),
  picture("AVIF", "a.avif", async () => [
    await draw().avif({ effort: 0 }).toBuffer(),
    await draw().ensureAlpha(0.5).avif({ effort: 0, chromaSubsampling: "4:2:0" }).toBuffer(),
  ]),
];

function picture(
  name: string,
  file: string,
  make: () => Promise<readonly Uint8Array[]>,
): FuzzCase {
  return {
    name,
    file,
    form: "bytes",
    valid: async () => (await make()).map((bytes) => new Uint8Array(bytes)),
    read: async (path) => {
      const { width, height } = await pictureSize(path);
      const raster = await images.decode(path, { kind: "full" });
      if (raster.width !== width || raster.height !== height) {
        throw new Error(
          `${path}: its header says ${width} x ${height}, its pixels ${raster.width} x ${raster.height}`,
        );
      }
      if (raster.data.length !== 3 * width * height) throw new Error(`${path}: pixels are missing`);
      await images.decode(path, { kind: "square", size: 16 });
      return { faults: 0 };
    },
  };
}

/** 40 × 30 pixels of a gradient. */
function draw(): Sharp {
  const data = Uint8Array.from({ length: 3 * 40 * 30 }, (_, i) => (i * 7 + (i % 3) * 50) % 256);
  return sharp(data, { raw: { width: 40, height: 30, channels: 3 } });
}

async function goldens(names: readonly string[], ending: string): Promise<readonly Uint8Array[]> {
  return await Promise.all(names.map((name) => Deno.readFile(`${golden}${name}.${ending}`)));
}

/** The checksums of a PNG's chunks. */
function sealPng(bytes: Bytes): Bytes {
  const result = bytes.slice();
  const view = new DataView(result.buffer);
  for (let at = 8; at + 12 <= result.length;) {
    const length = view.getUint32(at);
    const end = at + 8 + length;
    if (end + 4 > result.length) break;
    view.setUint32(end, crc32(result.subarray(at + 4, end)));
    at = end + 4;
  }
  return result;
}
