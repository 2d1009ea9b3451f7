import { resizeBicubic } from "../../core/images/mod.ts";
import type { Raster } from "../../mod.ts";
import type { Orientation } from "./partner.ts";

/**
 * Two pictures as one square of `size` pixels, each resized to half of it whatever its own aspect
 * ratio: `"higher"` pictures side by side, `"wider"` ones with the first on top. Bicubic as Pillow's.
 *
 * @throws {RangeError} if `size` is not an even whole number above 0.
 */
export function concatenate(
  first: Raster,
  second: Raster,
  orientation: Orientation,
  size: number,
): Raster {
  if (!Number.isInteger(size) || size < 2 || size % 2 !== 0) {
    throw new RangeError(`concatenate: expected an even size of 2 or more, found ${size}`);
  }
  return orientation === "higher"
    ? sideBySide(resizeBicubic(first, size / 2, size), resizeBicubic(second, size / 2, size))
    : stacked(resizeBicubic(first, size, size / 2), resizeBicubic(second, size, size / 2));
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
