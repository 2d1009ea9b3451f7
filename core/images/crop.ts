import type { Raster } from "./raster.ts";
import type { Rectangle } from "./rectangle.ts";
import { resizeBicubic, resizeWindow } from "./resize.ts";

/**
 * The picture with its shorter side resized to `size` pixels, the longer one in proportion and
 * rounded down, as torchvision's `Resize(size, BICUBIC)` does with a Pillow picture.
 *
 * @throws {RangeError} if `size` is not a whole number of at least 1.
 */
export function resizeShorterSide(raster: Raster, size: number): Raster {
  const { width, height } = shorterSideTo(raster, size);
  return resizeBicubic(raster, width, height);
}

/**
 * The square of `size` pixels at the centre of the picture, as torchvision's `CenterCrop(size)`
 * cuts it: a half pixel goes to the even side.
 *
 * @throws {RangeError} if the picture is smaller than the square.
 */
export function centerCrop(raster: Raster, size: number): Raster {
  const { left, top } = centerOf(raster, size);
  return cutOut(raster, { left, top, width: size, height: size });
}

/**
 * A rectangle of the picture.
 *
 * @throws {RangeError} if it does not lie within the picture.
 */
export function cutOut(raster: Raster, { left, top, width, height }: Rectangle): Raster {
  const fits =
    [left, top, width - 1, height - 1].every((value) => Number.isInteger(value) && value >= 0) &&
    left + width <= raster.width && top + height <= raster.height;
  if (!fits) {
    throw new RangeError(
      `cutOut: expected a rectangle within ${raster.width} x ${raster.height}, found ` +
        `${width} x ${height} at (${left}, ${top})`,
    );
  }
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * raster.width + left) * 3;
    data.set(raster.data.subarray(from, from + width * 3), y * width * 3);
  }
  return { width, height, data };
}

/**
 * CLIP's preprocessing up to normalisation: the same bytes as
 * `centerCrop(resizeShorterSide(raster, size), size)`, of which only those that stay are computed.
 *
 * @throws {RangeError} if `size` is not a whole number of at least 1.
 *
 * @example
 * ```ts
 * import { squareCrop } from "@syntagma/syntagma/images";
 *
 * const wide = { width: 4, height: 2, data: new Uint8Array(24).fill(7) };
 * const square = squareCrop(wide, 2);
 * console.assert(square.width === 2 && square.height === 2 && square.data[0] === 7);
 * ```
 */
export function squareCrop(raster: Raster, size: number): Raster {
  const resized = shorterSideTo(raster, size);
  const { left, top } = centerOf(resized, size);
  return resizeWindow(raster, resized.width, resized.height, {
    left,
    top,
    width: size,
    height: size,
  });
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function shorterSideTo({ width, height }: Size, size: number): Size {
  return width <= height
    ? { width: size, height: Math.trunc((size * height) / width) }
    : { width: Math.trunc((size * width) / height), height: size };
}

function centerOf({ width, height }: Size, size: number): { left: number; top: number } {
  if (width < size || height < size) {
    throw new RangeError(
      `centerCrop: expected a picture of at least ${size} x ${size}, found ${width} x ${height}`,
    );
  }
  return { left: halfToEven(width - size), top: halfToEven(height - size) };
}

/** `round(value / 2)` as Python rounds: halves go to the even neighbour. */
function halfToEven(value: number): number {
  const low = Math.floor(value / 2);
  return value % 2 === 0 ? low : low + (low % 2);
}
