import { expect } from "expect";
import fc from "fast-check";
import { applyOperation } from "../../../core/images/operation.ts";
import { cutOut } from "../../../core/images/crop.ts";
import { drawCrop } from "../../../core/images/random_crop.ts";
import type { Raster } from "../../../core/images/raster.ts";
import { resizeBicubic } from "../../../core/images/resize.ts";
import { createRandom } from "../../../core/random.ts";

/** A picture whose red is the column, green the row. */
function ramp(width: number, height: number): Raster {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    data[3 * i] = i % width;
    data[3 * i + 1] = Math.floor(i / width);
  }
  return { width, height, data };
}

Deno.test("cutOut: gives the rectangle's pixels and nothing else", () => {
  const part = cutOut(ramp(7, 5), { left: 2, top: 1, width: 3, height: 2 });
  expect(part).toEqual({
    width: 3,
    height: 2,
    data: Uint8Array.of(2, 1, 0, 3, 1, 0, 4, 1, 0, 2, 2, 0, 3, 2, 0, 4, 2, 0),
  });
});

Deno.test("cutOut: a rectangle that leaves the picture is an error", () => {
  for (
    const rectangle of [
      { left: -1, top: 0, width: 2, height: 2 },
      { left: 0, top: 4, width: 1, height: 2 },
      { left: 0, top: 0, width: 8, height: 1 },
      { left: 0, top: 0, width: 0, height: 1 },
      { left: 0.5, top: 0, width: 1, height: 1 },
    ]
  ) {
    expect(() => cutOut(ramp(7, 5), rectangle)).toThrow("expected a rectangle within 7 x 5");
  }
});

Deno.test("applyOperation: cut is the rectangle, resized to the square", () => {
  const picture = ramp(40, 30);
  const from = { left: 5, top: 3, width: 20, height: 25 };
  expect(applyOperation(picture, { kind: "cut", from, size: 9 }))
    .toEqual(resizeBicubic(cutOut(picture, from), 9, 9));
});

Deno.test("drawCrop: area and ratio are within their bounds, and the rectangle within the picture", () => {
  const side = fc.integer({ min: 50, max: 900 });
  fc.assert(fc.property(side, side, fc.nat(), (width, height, seed) => {
    const crop = drawCrop({ width, height }, [0.5, 1], createRandom(seed));
    expect(crop.left >= 0 && crop.top >= 0).toBe(true);
    expect(crop.left + crop.width).toBeLessThanOrEqual(width);
    expect(crop.top + crop.height).toBeLessThanOrEqual(height);
    // Sides are rounded to whole pixels: 1 in 35 at least at half the area.
    const ratio = crop.width / crop.height;
    expect(ratio).toBeGreaterThan(0.75 / 1.05);
    expect(ratio).toBeLessThan(1.05 * 4 / 3);
  }));
});

Deno.test("drawCrop: shares of the area are uniform and places reach every edge", () => {
  // In a square all of [0.25, 0.5] fits. Mean share 0.375, deviation 0.25 / √12 / √2000 = 0.0016.
  const random = createRandom(1);
  const crops = Array.from(
    { length: 2000 },
    () => drawCrop({ width: 400, height: 400 }, [0.25, 0.5], random),
  );
  const shares = crops.map(({ width, height }) => width * height / 160_000);
  const mean = shares.reduce((a, b) => a + b) / shares.length;
  expect(Math.abs(mean - 0.375)).toBeLessThan(0.008);
  expect(Math.min(...shares)).toBeLessThan(0.26);
  expect(Math.max(...shares)).toBeGreaterThan(0.49);
  expect(Math.min(...crops.map(({ left }) => left))).toBe(0);
  expect(crops.some(({ top, height }) => top + height === 400)).toBe(true);
});

Deno.test("drawCrop: what never fits gives the centre with the nearest ratio", () => {
  // All of a picture ten times as wide as high: 4 / 3 at most, so 40 x 30 in the middle of 300 x 30.
  expect(drawCrop({ width: 300, height: 30 }, [1, 1], createRandom(1)))
    .toEqual({ left: 130, top: 0, width: 40, height: 30 });
  expect(drawCrop({ width: 30, height: 300 }, [1, 1], createRandom(1)))
    .toEqual({ left: 0, top: 130, width: 30, height: 40 });
});
