/**
 * From a 640 x 480 picture to CLIP's input of 224 x 224, beside sharp's own resize (whose bytes
 * differ from Pillow's): `deno bench -A bench/resize_bench.ts`.
 */
import sharp from "sharp";
import { createPicturePool } from "../core/host/images/pool.ts";
import { createNormalizer } from "../core/images/normalize.ts";
import { decodePicture } from "../core/host/images/decode.ts";
import { resizeBicubic } from "../core/images/resize.ts";
import { squareCrop } from "../core/images/crop.ts";
import { createRandom } from "../core/random.ts";

// A smooth picture with a little noise compresses about as well as a photo does.
const random = createRandom(0, "resize_bench");
const raw = { width: 640, height: 480, channels: 3 } as const;
const pixels = Uint8Array.from({ length: 640 * 480 * 3 }, (_, i) => {
  const [x, y] = [Math.floor(i / 3) % 640, Math.floor(i / 1920)];
  return 128 + 90 * Math.sin(x / 37 + i % 3) * Math.cos(y / 23) + 20 * random.next();
});
const jpeg = await sharp(pixels, { raw }).jpeg({ quality: 90 }).toBuffer();
const raster = await decodePicture(jpeg);
const square = squareCrop(raster, 224);
const normalize = createNormalizer({ mean: [0.5, 0.5, 0.5], deviation: [0.25, 0.25, 0.25] });
const input = new Float32Array(3 * 224 * 224);
const crop = { left: 37, top: 0, width: 224, height: 224 };

Deno.bench("squareCrop to 224", { group: "resize" }, () => {
  squareCrop(raster, 224);
});
Deno.bench("sharp: resize and extract to 224", { group: "resize", baseline: true }, async () => {
  await sharp(pixels, { raw }).resize(298, 224, { kernel: "cubic" }).extract(crop).raw().toBuffer();
});
Deno.bench("resizeBicubic to 112 x 224", { group: "squash" }, () => {
  resizeBicubic(raster, 112, 224);
});
Deno.bench("sharp: resize to 112 x 224", { group: "squash", baseline: true }, async () => {
  await sharp(pixels, { raw }).resize(112, 224, { kernel: "cubic", fit: "fill" }).raw().toBuffer();
});
Deno.bench("decodePicture", { group: "decode" }, async () => {
  await decodePicture(jpeg);
});
Deno.bench("sharp: decode alone", { group: "decode", baseline: true }, async () => {
  await sharp(jpeg, { ignoreIcc: true }).raw().toBuffer();
});
Deno.bench("createNormalizer: 224 x 224", () => normalize(square, input, 0));

for (const workers of [0, 1, 2]) {
  const name = `createPicturePool: 32 JPEGs to 224, ${workers} workers`;
  Deno.bench(name, { group: "pool", n: 5 }, async (bench) => {
    using pool = createPicturePool({ workers });
    const square = { kind: "square", size: 224 } as const;
    await Promise.all(Array.from({ length: 4 }, () => pool.decode(jpeg, square)));
    bench.start();
    await Promise.all(Array.from({ length: 32 }, () => pool.decode(jpeg, square)));
    bench.end();
  });
}
