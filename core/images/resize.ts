import { type Interpolation, kernels } from "./interpolation.ts";
import type { Raster } from "./raster.ts";

/** A rectangle of pixels. */
export interface Window {
  /** Columns to the left of it. */
  readonly left: number;
  /** Rows above it. */
  readonly top: number;
  /** Its columns. */
  readonly width: number;
  /** Its rows. */
  readonly height: number;
}

/**
 * The picture at another size by antialiased bicubic interpolation (a = −0.5), equal to the byte to
 * Pillow's `Image.resize((width, height), BICUBIC)` of an RGB picture: a horizontal, then a vertical
 * pass with weights of 22 fractional bits, rounded to 8 bits after each (Pillow 9.4,
 * `src/libImaging/Resample.c`; the same in Pillow 11.3; Pillow 13 takes the vertical pass first for some
 * pictures, which changes values by a few levels). The aspect ratio may change.
 *
 * @throws {RangeError} if `width` or `height` is not a whole number of at least 1.
 *
 * @example
 * ```ts
 * import { resizeBicubic } from "./resize.ts";
 *
 * const gray = { width: 2, height: 2, data: new Uint8Array(12).fill(128) };
 * const large = resizeBicubic(gray, 4, 3);
 * console.assert(large.data.length === 4 * 3 * 3 && large.data.every((value) => value === 128));
 * ```
 */
export function resizeBicubic(raster: Raster, width: number, height: number): Raster {
  return resizeWindow(raster, width, height, { left: 0, top: 0, width, height });
}

/**
 * One window of the picture that {@linkcode resizeBicubic} makes, or another filter of Pillow's,
 * without the work for the rest.
 *
 * @throws {RangeError} if `width` or `height` is not a whole number of at least 1.
 */
export function resizeWindow(
  raster: Raster,
  width: number,
  height: number,
  window: Window,
  interpolation: Interpolation = "bicubic",
): Raster {
  for (const [name, value] of [["width", width], ["height", height]] as const) {
    if (!Number.isInteger(value) || value < 1) {
      throw new RangeError(`resize: ${name} expected a whole number of at least 1, found ${value}`);
    }
  }
  // An axis that keeps its length has no pass, as in Pillow.
  const rows = raster.height === height
    ? undefined
    : weights(interpolation, raster.height, height, window.top, window.height);
  const firstRow = rows === undefined ? window.top : rows.first[0]!;
  const lastRow = rows === undefined
    ? window.top + window.height
    : rows.first[window.height - 1]! + rows.count[window.height - 1]!;
  const between = raster.width === width
    ? cutRows(raster, window.left, window.width, firstRow, lastRow)
    : resizeRows(
      raster,
      weights(interpolation, raster.width, width, window.left, window.width),
      firstRow,
      lastRow,
    );
  const data = rows === undefined
    ? between
    : resizeColumns(between, window.width * 3, rows, firstRow);
  return { width: window.width, height: window.height, data: new Uint8Array(data.buffer) };
}

/** Which input pixels an output pixel is made of, along one axis, and with which weights. */
interface Weights {
  /** The first input pixel of each output pixel. */
  readonly first: Int32Array;
  /** How many input pixels each output pixel has. */
  readonly count: Int32Array;
  /** `taps` weights for each output pixel, in units of 2^-22. */
  readonly weight: Int32Array;
  readonly taps: number;
}

const PRECISION_BITS = 32 - 8 - 2;
const HALF = 1 << (PRECISION_BITS - 1);

/** The weights of the sizes that came last: pictures of one set often have one size. */
const recent = new Map<string, Weights>();

const MOST_RECENT = 64;

function weights(...given: Parameters<typeof makeWeights>): Weights {
  const key = given.join(" ");
  const before = recent.get(key);
  if (before !== undefined) return before;
  // A Map iterates in order of insertion: the first are the oldest.
  if (recent.size === MOST_RECENT) recent.delete(recent.keys().next().value!);
  const made = makeWeights(...given);
  recent.set(key, made);
  return made;
}

/** Pillow's `precompute_coeffs` and `normalize_coeffs_8bpc` for output pixels `start` to `start + length`. */
function makeWeights(
  interpolation: Interpolation,
  input: number,
  output: number,
  start: number,
  length: number,
): Weights {
  const kernel = kernels[interpolation];
  const scale = input / output;
  // When the picture shrinks the filter grows with it: that is the antialiasing.
  const stretch = Math.max(scale, 1);
  const support = kernel.support * stretch;
  const taps = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(length);
  const count = new Int32Array(length);
  const weight = new Int32Array(length * taps);
  const exact = new Float64Array(taps);
  for (let i = 0; i < length; i++) {
    const center = (start + i + 0.5) * scale;
    const from = Math.max(0, Math.trunc(center - support + 0.5));
    const to = Math.min(input, Math.trunc(center + support + 0.5));
    let sum = 0;
    for (let k = 0; k < to - from; k++) {
      // Multiplied by the inverse, as Pillow does: a division would round differently.
      exact[k] = kernel.weight((k + from - center + 0.5) * (1 / stretch));
      sum += exact[k]!;
    }
    for (let k = 0; k < to - from; k++) {
      const scaled = (exact[k]! / sum) * (1 << PRECISION_BITS);
      weight[i * taps + k] = Math.trunc(scaled + (scaled < 0 ? -0.5 : 0.5));
    }
    first[i] = from;
    count[i] = to - from;
  }
  return { first, count, weight, taps };
}

/** Columns of input rows `firstRow` to `lastRow` as they are. */
function cutRows(
  { width: inputWidth, data }: Raster,
  left: number,
  width: number,
  firstRow: number,
  lastRow: number,
): Uint8ClampedArray<ArrayBuffer> {
  const target = new Uint8ClampedArray((lastRow - firstRow) * width * 3);
  for (let y = firstRow; y < lastRow; y++) {
    const from = (y * inputWidth + left) * 3;
    target.set(data.subarray(from, from + width * 3), (y - firstRow) * width * 3);
  }
  return target;
}

/** The horizontal pass over input rows `firstRow` to `lastRow`. */
function resizeRows(
  raster: Raster,
  columns: Weights,
  firstRow: number,
  lastRow: number,
): Uint8ClampedArray<ArrayBuffer> {
  const { first, count, weight, taps } = columns;
  const width = first.length;
  const source = raster.data;
  // Clamped arrays clip to 0…255 as they store, which is what Pillow's clip8 does.
  const target = new Uint8ClampedArray((lastRow - firstRow) * width * 3);
  let out = 0;
  for (let y = firstRow; y < lastRow; y++) {
    const row = y * raster.width * 3;
    for (let x = 0; x < width; x++) {
      let red = HALF;
      let green = HALF;
      let blue = HALF;
      let at = row + first[x]! * 3;
      const end = x * taps + count[x]!;
      for (let k = x * taps; k < end; k++) {
        const w = weight[k]!;
        red = (red + Math.imul(source[at]!, w)) | 0;
        green = (green + Math.imul(source[at + 1]!, w)) | 0;
        blue = (blue + Math.imul(source[at + 2]!, w)) | 0;
        at += 3;
      }
      target[out] = red >> PRECISION_BITS;
      target[out + 1] = green >> PRECISION_BITS;
      target[out + 2] = blue >> PRECISION_BITS;
      out += 3;
    }
  }
  return target;
}

/** The vertical pass; `source` holds rows of `stride` bytes, the first of them input row `firstRow`. */
function resizeColumns(
  source: Uint8ClampedArray,
  stride: number,
  rows: Weights,
  firstRow: number,
): Uint8ClampedArray<ArrayBuffer> {
  const { first, count, weight, taps } = rows;
  const height = first.length;
  const target = new Uint8ClampedArray(height * stride);
  for (let y = 0; y < height; y++) {
    const from = (first[y]! - firstRow) * stride;
    const begin = y * taps;
    const end = begin + count[y]!;
    const row = y * stride;
    // Three bytes at a time share each weight's load: twice as fast as one by one.
    for (let x = 0; x < stride; x += 3) {
      let red = HALF;
      let green = HALF;
      let blue = HALF;
      let at = from + x;
      for (let k = begin; k < end; k++) {
        const w = weight[k]!;
        red = (red + Math.imul(source[at]!, w)) | 0;
        green = (green + Math.imul(source[at + 1]!, w)) | 0;
        blue = (blue + Math.imul(source[at + 2]!, w)) | 0;
        at += stride;
      }
      target[row + x] = red >> PRECISION_BITS;
      target[row + x + 1] = green >> PRECISION_BITS;
      target[row + x + 2] = blue >> PRECISION_BITS;
    }
  }
  return target;
}
