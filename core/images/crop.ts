import { PictureError } from "./picture_error.ts";
import { pickPixels } from "./pick_pixels.ts";
import type { Raster } from "./raster.ts";
import type { Rectangle } from "./rectangle.ts";
import { resizeBicubic, resizeWindow } from "./resize.ts";
import { openClipFit, type SquareFit } from "./square_fit.ts";
import { overWhite, resizeTransparent } from "./transparency.ts";

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
 * A picture as a square of `size` pixels, up to normalisation. Without a `fit`, as OpenAI's code does
 * it: the same bytes as `centerCrop(resizeShorterSide(raster, size), size)`, of which only those that
 * stay are computed.
 *
 * @throws {RangeError} if `size` is not a whole number of at least 1.
 * @throws {PictureError} if the picture has a palette and a fit that would fill with a colour of it.
 *
 * @example
 * ```ts
 * import { squareCrop } from "./crop.ts";
 *
 * const wide = { width: 4, height: 2, data: new Uint8Array(24).fill(7) };
 * const square = squareCrop(wide, 2);
 * console.assert(square.width === 2 && square.height === 2 && square.data[0] === 7);
 * ```
 */
export function squareCrop(picture: Raster, size: number, fit: SquareFit = openClipFit): Raster {
  const { resize, side = size, interpolation, oddPixel } = fit;
  const isClear = picture.opacity !== undefined;
  const raster = fit.convert === "before" && isClear ? overWhite(picture) : picture;
  const picks = fit.convert === "after" && raster.indexed === true;
  const at = (resized: Size, window: Rectangle) =>
    picks
      ? pickPixels(raster, resized.width, resized.height, window)
      : raster.opacity !== undefined
      ? resizeTransparent(raster, resized.width, resized.height, window, interpolation)
      : resizeWindow(raster, resized.width, resized.height, window, interpolation);
  if (resize === "longest") {
    const resized = longerSideTo(raster, side);
    const { width, height } = resized;
    if (picks && width !== height) {
      throw new PictureError(
        "a picture with a palette",
        "filling it up to a square with a colour of its palette, as open_clip does, is not done here; " +
          "convert it to RGB",
      );
    }
    return onSquare(at(resized, { left: 0, top: 0, width, height }), size, fit.fill ?? 0);
  }
  const resized = resize === "squash" ? { width: side, height: side } : shorterSideTo(raster, side);
  const { left, top } = centerOf(resized, size, oddPixel);
  return at(resized, { left, top, width: size, height: size });
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

/** As open_clip's `ResizeKeepRatio` rounds; a picture like a thread keeps a pixel of its width. */
function longerSideTo({ width, height }: Size, size: number): Size {
  const ratio = Math.max(height / size, width / size);
  const scaled = (length: number) => Math.max(1, roundHalfToEven(length / ratio));
  return { width: scaled(width), height: scaled(height) };
}

/** The picture in the middle of a square; an odd pixel is added behind. */
function onSquare({ width, height, data }: Raster, size: number, fill: number): Raster {
  const square = new Uint8Array(size * size * 3).fill(fill);
  const left = Math.floor((size - width) / 2);
  const top = Math.floor((size - height) / 2);
  for (let y = 0; y < height; y++) {
    const row = data.subarray(y * width * 3, (y + 1) * width * 3);
    square.set(row, ((top + y) * size + left) * 3);
  }
  return { width: size, height: size, data: square };
}

function centerOf(
  { width, height }: Size,
  size: number,
  oddPixel: SquareFit["oddPixel"] = "even",
): { left: number; top: number } {
  if (width < size || height < size) {
    throw new RangeError(
      `centerCrop: expected a picture of at least ${size} x ${size}, found ${width} x ${height}`,
    );
  }
  const half = oddPixel === "even" ? roundHalfToEven : Math.floor;
  return { left: half((width - size) / 2), top: half((height - size) / 2) };
}

/** Rounded as Python rounds: halves go to the even neighbour. */
function roundHalfToEven(value: number): number {
  const low = Math.floor(value);
  if (value - low !== 0.5) return Math.round(value);
  return low + (low % 2);
}
