import { expect } from "expect";
import { createPicturePool } from "../../../core/host/images/pool.ts";
import { createNormalizer } from "../../../core/images/normalize.ts";
import { decodePicture } from "../../../core/host/images/decode.ts";
import {
  openClipFit,
  type SquareFit,
  squareOf,
  transformersFit,
} from "../../../core/images/square_fit.ts";
import type { Raster } from "../../../core/images/raster.ts";
import { squareCrop } from "../../../core/images/crop.ts";
import { openSafetensors } from "../../../core/host/storage/safetensors.ts";

// Written by open_clip and transformers with Pillow 11 (see the README beside it).
const folder = new URL("../../golden/preprocess/", import.meta.url).pathname;
const golden = await openSafetensors(`${folder}fits.safetensors`);
const SIZE = 21;

/** The drawn picture of COCO's commonest size that the golden values have, too. */
function coco(): Raster {
  const [width, height] = [640, 427];
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      data[at++] = (3 * x + y) % 256;
      data[at++] = (5 * y) % 256;
      data[at++] = ((Math.floor(x / 16) + Math.floor(y / 16)) % 2) * 200;
    }
  }
  return { width, height, data };
}

const fits: Readonly<Record<string, SquareFit>> = {
  "open_clip shortest bicubic": openClipFit,
  "open_clip shortest bilinear": { ...openClipFit, interpolation: "bilinear" },
  "open_clip longest bicubic": { ...openClipFit, resize: "longest", fill: 128 },
  "open_clip longest bilinear": { ...openClipFit, resize: "longest", interpolation: "bilinear" },
  "open_clip squash bicubic": { ...openClipFit, resize: "squash" },
  "open_clip squash bilinear": { ...openClipFit, resize: "squash", interpolation: "bilinear" },
  "transformers shortest 3": transformersFit,
  "transformers shortest 2": { ...transformersFit, interpolation: "bilinear" },
  "transformers shortest 1": { ...transformersFit, interpolation: "lanczos" },
  "transformers shortest 26": { ...transformersFit, side: 26 },
  "transformers exact 3": { ...transformersFit, resize: "squash" },
  "transformers exact 26": {
    ...transformersFit,
    resize: "squash",
    interpolation: "bilinear",
    side: 26,
  },
};
const names = [
  ...["landscape.png", "portrait.png", "small.png"],
  ...["palette.png", "palette.gif", "bits.png", "clear.png", "clear_gray.png", "clear_palette.png"],
  "coco",
];

for (const [setting, fit] of Object.entries(fits)) {
  Deno.test(`squareCrop: ${setting}, byte by byte`, async () => {
    for (const name of names) {
      const key = `${name}:${setting}`;
      const raster = name === "coco" ? coco() : await decodePicture(folder + name);
      if (!golden.has(key)) {
        // Filling up with a palette's first colour.
        expect(() => squareCrop(raster, SIZE, fit)).toThrow("is not done here");
        continue;
      }
      const { width, height, data } = squareCrop(raster, SIZE, fit);
      expect([key, height, width, 3]).toEqual([key, ...golden.info(key).shape]);
      const wanted = await golden.read(key) as Uint8Array;
      const other = data.filter((value, i) => value !== wanted[i]).length;
      expect([key, other]).toEqual([key, 0]);
    }
  });
}

Deno.test("squareCrop: of 640 x 427 at 224, open_clip's centre begins at column 56, transformers' at 55", () => {
  // int(224 · 640 / 427) = 335 columns; 111 / 2 = 55.5. Red tells the column of a picture that is
  // resized by a whole number: here the pictures differ, and each is the other's by one column.
  const [even, down] = [squareCrop(coco(), 224), squareCrop(coco(), 224, transformersFit)];
  const column = ({ data }: Raster, x: number) =>
    Array.from({ length: 224 }, (_, y) => data[(y * 224 + x) * 3]);
  expect(column(even, 0)).toEqual(column(down, 1));
  expect(column(even, 222)).toEqual(column(down, 223));
  expect(even).not.toEqual(down);
});

Deno.test("createNormalizer: another scale is transformers' rescale_factor", async () => {
  const target = new Float32Array(3 * SIZE * SIZE);
  const normalization = { mean: [1, 1, 1], deviation: [1, 1, 1], scale: 1 / 127.5 } as const;
  createNormalizer(normalization)(squareCrop(coco(), SIZE, transformersFit), target, 0);
  const wanted = await golden.readFloat32("coco:values");
  const furthest = wanted.reduce(
    (most, value, i) => Math.max(most, Math.abs(value - target[i]!)),
    0,
  );
  expect(furthest).toBeLessThan(2e-7);
});

Deno.test("createPicturePool: workers know of palettes, and each fit", async () => {
  using pool = createPicturePool({ workers: 1 });
  const key = "palette.png:open_clip squash bilinear";
  const operation = squareOf({ size: SIZE, fit: fits["open_clip squash bilinear"]! });
  const { data } = await pool.decode(`${folder}palette.png`, operation);
  expect(data).toEqual(await golden.read(key));
});

Deno.test("squareCrop: a thread of a picture is filled up on both sides", () => {
  // round(1 / (300 / 4)) = 0 columns, of which one is kept: 3 / 2 left of it, rounded down.
  const thread = { width: 1, height: 300, data: new Uint8Array(900).fill(9) };
  const { data } = squareCrop(thread, 4, { ...openClipFit, resize: "longest", fill: 1 });
  expect([...data.subarray(0, 12)]).toEqual([1, 1, 1, 9, 9, 9, 1, 1, 1, 1, 1, 1]);
});
