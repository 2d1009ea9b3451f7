import type { Normalization, Raster } from "./raster.ts";

/**
 * Writes a picture into `target` from index `offset` on as `[3, height, width]` float32.
 *
 * @throws {RangeError} if `target` ends before the picture does.
 */
export type Normalizer = (raster: Raster, target: Float32Array, offset: number) => void;

/**
 * Makes the function that turns pixels into a tower's input: `(value / 255 − mean) / deviation` for
 * each channel (or with another `scale` than 1/255), the channels one after another. The 256 possible
 * results of a channel are computed once, in float32 steps as PyTorch takes them.
 *
 * @throws {RangeError} if a deviation is not above 0.
 */
export function createNormalizer(normalization: Normalization): Normalizer {
  const red = table(normalization, 0);
  const green = table(normalization, 1);
  const blue = table(normalization, 2);
  return (raster, target, offset) => {
    const { data } = raster;
    const plane = raster.width * raster.height;
    if (offset < 0 || offset + 3 * plane > target.length) {
      throw new RangeError(
        `normalize: expected room for ${3 * plane} values from index ${offset} on, ` +
          `found an array of ${target.length}`,
      );
    }
    for (let i = 0, at = 0; i < plane; i++, at += 3) {
      target[offset + i] = red[data[at]!]!;
      target[offset + plane + i] = green[data[at + 1]!]!;
      target[offset + 2 * plane + i] = blue[data[at + 2]!]!;
    }
  };
}

function table({ mean, deviation, scale }: Normalization, channel: 0 | 1 | 2): Float32Array {
  if (!(deviation[channel] > 0)) {
    throw new RangeError(
      `deviation[${channel}]: expected a number above 0, found ${deviation[channel]}`,
    );
  }
  const m = Math.fround(mean[channel]);
  const d = Math.fround(deviation[channel]);
  // A float64 quotient or difference of float32 values, rounded once more to float32, is the
  // correctly rounded float32 result.
  return Float32Array.from({ length: 256 }, (_, value) => {
    // A product with 1/255 would round otherwise than the quotient.
    const scaled = scale === undefined ? value / 255 : value * scale;
    return Math.fround(Math.fround(scaled) - m) / d;
  });
}
