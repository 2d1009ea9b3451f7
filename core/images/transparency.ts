/**
 * Pictures with transparent pixels, as Pillow works on them.
 *
 * @module
 */
import type { Interpolation } from "./interpolation.ts";
import type { Raster } from "./raster.ts";
import { resizeWindow, type Window } from "./resize.ts";

/**
 * One window of a picture with transparent pixels at another size, its colours weighed by their
 * opacity, as Pillow resizes RGBA; then without the opacity. What is wholly transparent becomes black.
 *
 * @throws {RangeError} if `width` or `height` is not a whole number of at least 1.
 */
export function resizeTransparent(
  raster: Raster,
  width: number,
  height: number,
  window: Window,
  interpolation: Interpolation,
): Raster {
  const opacity = opacityOf(raster);
  const covers = Uint8Array.from({ length: 3 * opacity.length }, (_, i) => {
    return opacity[Math.floor(i / 3)]!;
  });
  const premultiplied = raster.data.map((value, i) => times255(value, covers[i]!));
  const resize = (data: Uint8Array) => {
    const { width: columns, height: rows } = raster;
    return resizeWindow(
      { width: columns, height: rows, data },
      width,
      height,
      window,
      interpolation,
    );
  };
  const colours = resize(premultiplied);
  const { data: behind } = resize(covers);
  const data = colours.data.map((value, i) => {
    const cover = behind[i]!;
    if (cover === 0 || cover === 255) return value;
    return Math.min(255, Math.floor((255 * value) / cover));
  });
  return { width: colours.width, height: colours.height, data };
}

/** Pillow's `MULDIV255`: the product over 255, rounded. */
function times255(a: number, b: number): number {
  const product = a * b + 128;
  return ((product >> 8) + product) >> 8;
}

/** The picture as it looks in front of white, without its opacity (`Image.alpha_composite`). */
export function overWhite(raster: Raster): Raster {
  const opacity = opacityOf(raster);
  const data = raster.data.map((value, i) => {
    const cover = opacity[Math.floor(i / 3)]!;
    // With 7 bits more than the result, as Pillow has them.
    const sum = (value * cover + 255 * (255 - cover)) * 128 + (128 << 7);
    return (((sum >> 8) + sum) >> 8) >> 7;
  });
  return { width: raster.width, height: raster.height, data };
}

function opacityOf({ opacity, width, height }: Raster): Uint8Array {
  return opacity ?? new Uint8Array(width * height).fill(255);
}
