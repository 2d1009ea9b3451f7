import { expect } from "expect";
import { centerCrop, resizeShorterSide, squareCrop } from "../../../core/images/crop.ts";
import { decodePicture } from "../../../core/host/images/decode.ts";
import type { Raster } from "../../../core/images/raster.ts";
import { resizeBicubic } from "../../../core/images/resize.ts";
import { openSafetensors } from "../../../core/host/storage/safetensors.ts";

// Written by Pillow 9.4 (see the file's own metadata).
const folder = new URL("../../golden/preprocess/", import.meta.url);
const golden = await openSafetensors(new URL("preprocess.safetensors", folder).pathname);
const names = ["alpha.png", "gray.png", "landscape.png", "photo.jpg", "portrait.png", "small.png"];
const operations: Record<string, (raster: Raster) => Raster> = {
  // Pillow had converted the pictures to RGB before: without their opacity.
  square224: ({ width, height, data }) => squareCrop({ width, height, data }, 224),
  half_w112_h224: (raster) => resizeBicubic(raster, 112, 224),
  half_w224_h112: (raster) => resizeBicubic(raster, 224, 112),
};

for (const name of names) {
  for (const [operation, apply] of Object.entries(operations)) {
    Deno.test(`resizeBicubic: ${operation} of ${name} is Pillow's`, async () => {
      const raster = apply(await decodePicture(new URL(name, folder).pathname));
      const wanted = await golden.read(`${name}:${operation}`) as Uint8Array;
      expect([raster.height, raster.width, 3]).toEqual(golden.info(`${name}:${operation}`).shape);
      const furthest = raster.data.reduce(
        (worst, value, i) => Math.max(worst, Math.abs(value - wanted[i]!)),
        0,
      );
      // JPEG decoders may round differently; everything else is equal to the byte.
      expect(furthest).toBeLessThanOrEqual(name.endsWith(".jpg") ? 2 : 0);
      expect(raster.data.length).toBe(wanted.length);
    });
  }
}

/** A picture whose red is the column, green the row, blue their sum. */
function ramp(width: number, height: number): Raster {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set([x, y, x + y], (y * width + x) * 3);
  }
  return { width, height, data };
}

Deno.test("resizeBicubic: the same size gives the same bytes", () => {
  const raster = ramp(13, 7);
  expect(resizeBicubic(raster, 13, 7)).toEqual(raster);
});

Deno.test("resizeBicubic: an axis that keeps its length is left alone", () => {
  const turned = ({ width, height, data }: Raster): Raster => {
    const other = new Uint8Array(data.length);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const from = (y * width + x) * 3;
        other.set(data.subarray(from, from + 3), (x * height + y) * 3);
      }
    }
    return { width: height, height: width, data: other };
  };
  // One axis after the other is both at once; either pass is the other one of the turned picture.
  const picture = ramp(23, 17);
  const lower = resizeBicubic(picture, 23, 8);
  expect(lower).toEqual(turned(resizeBicubic(turned(picture), 8, 23)));
  expect(resizeBicubic(resizeBicubic(picture, 11, 17), 11, 8)).toEqual(
    resizeBicubic(picture, 11, 8),
  );
  // A square of a picture whose shorter side has its length already is cut out of it.
  const { data } = squareCrop(picture, 17);
  expect([...data.subarray(0, 3)]).toEqual([3, 0, 3]);
  expect([...data.subarray(-3)]).toEqual([19, 16, 35]);
});

Deno.test("resizeBicubic: overshoot is clipped", () => {
  // A column of 0 beside one of 255, enlarged twofold. The inner output pixels lie 0.25 and 0.75
  // from the two columns (weights 0.8671875 and 0.2265625 for a = -0.5), so 255 * 0.2265625 /
  // 1.09375 = 52.8 and 255 - 52.8 = 202.2; the outer ones 0.25 and 1.25 (weight -0.0703125), so
  // below 0 and above 255.
  const raster = { width: 2, height: 1, data: new Uint8Array([0, 0, 0, 255, 255, 255]) };
  const { data } = resizeBicubic(raster, 4, 1);
  expect([data[0], data[3], data[6], data[9]]).toEqual([0, 53, 202, 255]);
});

Deno.test("resizeBicubic: a size of nothing or half a pixel is refused", () => {
  for (const width of [0, -1, 1.5, NaN]) {
    expect(() => resizeBicubic(ramp(2, 2), width, 2)).toThrow(RangeError);
    expect(() => resizeBicubic(ramp(2, 2), 2, width)).toThrow(`found ${width}`);
  }
});

Deno.test("resizeShorterSide: the longer side is rounded down", () => {
  // 5 * 11 / 7 = 7.857…
  expect(resizeShorterSide(ramp(7, 11), 5)).toMatchObject({ width: 5, height: 7 });
  expect(resizeShorterSide(ramp(11, 7), 5)).toMatchObject({ width: 7, height: 5 });
});

Deno.test("centerCrop: a half pixel goes to the even side", () => {
  // Python: round(0.5) = 0, round(1.5) = 2, round(2.5) = 2, round(3.5) = 4; red is the column.
  for (const [width, left] of [[5, 0], [7, 2], [9, 2], [11, 4], [8, 2]] as const) {
    const cut = centerCrop(ramp(width, 4), 4);
    expect(cut).toMatchObject({ width: 4, height: 4 });
    expect(cut.data[0]).toBe(left);
    expect([...cut.data.subarray(-3)]).toEqual([left + 3, 3, left + 6]);
  }
  expect(centerCrop(ramp(4, 7), 4).data[1]).toBe(2);
});

Deno.test("centerCrop: a picture that is too small is refused", () => {
  expect(() => centerCrop(ramp(9, 3), 4)).toThrow("at least 4 x 4, found 9 x 3");
});

Deno.test("squareCrop: the same bytes as resize, then crop", () => {
  for (const [width, height] of [[50, 31], [31, 50], [40, 40], [9, 120], [120, 9]] as const) {
    const raster = ramp(width, height);
    for (const size of [8, 17, 60]) {
      expect(squareCrop(raster, size)).toEqual(centerCrop(resizeShorterSide(raster, size), size));
    }
  }
});
