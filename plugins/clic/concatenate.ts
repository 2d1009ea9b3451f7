import type { PictureOperation } from "../../core/images/operation.ts";
import type { Raster } from "../../core/images/raster.ts";
import type { Orientation } from "./partner.ts";

/**
 * What each picture of a pair becomes before the two are put into one square of `size` pixels: half
 * of it, whatever the picture's own aspect ratio. Bicubic as Pillow's.
 *
 * @throws {RangeError} if `size` is not an even whole number above 0.
 */
export function halfOf(orientation: Orientation, size: number): PictureOperation {
  if (!Number.isInteger(size) || size < 2 || size % 2 !== 0) {
    throw new RangeError(`halfOf: expected an even size of 2 or more, found ${size}`);
  }
  return orientation === "higher"
    ? { kind: "squash", width: size / 2, height: size }
    : { kind: "squash", width: size, height: size / 2 };
}

/**
 * Two halves as one square: `"higher"` ones side by side, `"wider"` ones with the first on top.
 *
 * @param first As {@linkcode halfOf} makes it, and so `second`.
 */
export function concatenate(first: Raster, second: Raster, orientation: Orientation): Raster {
  return orientation === "higher" ? sideBySide(first, second) : stacked(first, second);
}

function stacked(top: Raster, bottom: Raster): Raster {
  const data = new Uint8Array(top.data.length + bottom.data.length);
  data.set(top.data);
  data.set(bottom.data, top.data.length);
  return { width: top.width, height: top.height + bottom.height, data };
}

function sideBySide(left: Raster, right: Raster): Raster {
  const width = left.width + right.width;
  const data = new Uint8Array(width * left.height * 3);
  for (let y = 0; y < left.height; y++) {
    for (const [raster, x] of [[left, 0], [right, left.width]] as const) {
      const bytes = raster.width * 3;
      data.set(raster.data.subarray(y * bytes, (y + 1) * bytes), (y * width + x) * 3);
    }
  }
  return { width, height: left.height, data };
}
