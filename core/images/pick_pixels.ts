import type { Raster } from "./raster.ts";
import type { Window } from "./resize.ts";

/**
 * One window of the picture at another size, each pixel that of the nearest place, as Pillow's
 * `Image.resize((width, height), NEAREST)` picks them: what it does to pictures with a palette, and
 * to those of black and white alone, whatever filter is asked for.
 */
export function pickPixels(
  raster: Raster,
  width: number,
  height: number,
  { left, top, width: columns, height: rows }: Window,
): Raster {
  const across = places(raster.width, width).subarray(left, left + columns);
  const down = places(raster.height, height).subarray(top, top + rows);
  const data = new Uint8Array(columns * rows * 3);
  let to = 0;
  for (const y of down) {
    for (const x of across) {
      const from = (y * raster.width + x) * 3;
      data[to++] = raster.data[from]!;
      data[to++] = raster.data[from + 1]!;
      data[to++] = raster.data[from + 2]!;
    }
  }
  return { width: columns, height: rows, data };
}

/** Pillow's `ImagingScaleAffine` adds the step up, and so its rounding, instead of multiplying. */
function places(input: number, output: number): Int32Array {
  const step = input / output;
  const result = new Int32Array(output);
  let place = step * 0.5;
  for (let i = 0; i < output; i++, place += step) {
    result[i] = Math.min(input - 1, Math.trunc(place));
  }
  return result;
}
