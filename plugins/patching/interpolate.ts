/**
 * `(1 − α)·before + α·after`, value by value, in every element type of a checkpoint.
 *
 * @module
 */
import {
  float32ToBfloat16,
  type SafetensorsDtype,
  type TensorData,
} from "../../core/storage/mod.ts";

/** Floats in an array that numbers can be put into; it rounds them to its type. */
export type Floats = Float16Array<ArrayBuffer> | Float32Array | Float64Array<ArrayBuffer>;

/**
 * Writes `(1 − α)·before + α·after` into `out`, which may be one of them. The sum is computed in
 * double precision and rounded once, to the type of `out`. At α = 0, at α = 1 and wherever both
 * sides are equal, a value stays as it is.
 */
export function interpolate(before: Floats, after: Floats, alpha: number, out: Floats): void {
  // Not as a product with 0, which would make a NaN of an infinity.
  if (alpha === 0) return out.set(before);
  if (alpha === 1) return out.set(after);
  for (let i = 0; i < out.length; i++) out[i] = between(before[i]!, after[i]!, alpha);
}

/**
 * The same on a tensor as it stands in a file, in its own element type. Integers and truth values
 * have nothing between them and must be equal.
 *
 * @param before Is overwritten.
 * @returns `before` or `after`; undefined if they hold integers that differ.
 */
export function interpolateTensor(
  dtype: SafetensorsDtype,
  before: TensorData,
  after: TensorData,
  alpha: number,
): TensorData | undefined {
  if (!["F16", "BF16", "F32", "F64"].includes(dtype)) {
    return sameValues(before, after) ? before : undefined;
  }
  if (alpha === 0) return before;
  if (alpha === 1) return after;
  if (dtype === "BF16") interpolateBfloat16(bitsOf(before), bitsOf(after), alpha);
  else interpolate(floatsOf(before), floatsOf(after), alpha, floatsOf(before));
  return before;
}

function between(before: number, after: number, alpha: number): number {
  return before === after ? before : (1 - alpha) * before + alpha * after;
}

/** Values that are bits of IEEE half precision, or floats already. */
function floatsOf(data: TensorData): Floats {
  if (data instanceof Float32Array || data instanceof Float64Array) return data;
  return new Float16Array(data.buffer, data.byteOffset, data.length);
}

function bitsOf({ buffer, byteOffset, length }: TensorData): Uint16Array<ArrayBuffer> {
  return new Uint16Array(buffer, byteOffset, length);
}

/** Values that are converted together. */
const BLOCK = 4096;

function interpolateBfloat16(
  before: Uint16Array<ArrayBuffer>,
  after: Uint16Array<ArrayBuffer>,
  alpha: number,
): void {
  // A bfloat16 is the upper half of a single; so words of such halves are singles, exactly.
  const [a, b] = [singles(), singles()];
  for (let start = 0; start < before.length; start += BLOCK) {
    const count = Math.min(BLOCK, before.length - start);
    for (let i = 0; i < count; i++) {
      a.words[i] = before[start + i]! << 16;
      b.words[i] = after[start + i]! << 16;
    }
    for (let i = 0; i < count; i++) {
      const exact = between(a.values[i]!, b.values[i]!, alpha);
      a.values[i] = exact;
      // Rounded to single, a sum may fall on the middle between two bfloat16 on which it did not lie:
      // one unit of the single towards it, and the second rounding goes where it belongs.
      const rounded = a.values[i]!;
      if ((a.words[i]! & 0xffff) === 0x8000 && rounded !== exact) {
        a.words[i] = a.words[i]! + (Math.abs(exact) > Math.abs(rounded) ? 1 : -1);
      }
    }
    before.set(float32ToBfloat16(a.values.subarray(0, count)), start);
  }
}

function singles(): { readonly values: Float32Array; readonly words: Uint32Array } {
  const values = new Float32Array(BLOCK);
  return { values, words: new Uint32Array(values.buffer) };
}

function sameValues(before: TensorData, after: TensorData): boolean {
  // By index: iterating over typed arrays takes twenty times as long.
  for (let i = 0; i < before.length; i++) if (before[i] !== after[i]) return false;
  return true;
}
