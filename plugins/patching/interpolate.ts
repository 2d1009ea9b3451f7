/**
 * `(1 − α)·before + α·after`, value by value, in every element type of a checkpoint.
 *
 * @module
 */
import { float32ToBfloat16 } from "../../core/host/storage/half_precision.ts";
import { type TensorData, tensorDataClasses } from "../../core/host/storage/safetensors_dtype.ts";
import { findNotFinite } from "../../core/finite.ts";
import type { FloatDtype } from "./float_dtype.ts";

/** Floats in an array that numbers can be put into; it rounds them to its type. */
export type Floats = Float16Array<ArrayBuffer> | Float32Array | Float64Array<ArrayBuffer>;

/** Floats as they stand in a file: those of F16 and BF16 as their bits. */
export interface StoredFloats {
  /** The type of every element. */
  readonly dtype: FloatDtype;
  /** The values. */
  readonly data: TensorData | Float32Array;
}

/** What {@linkcode interpolateFloats} gives. */
export interface InterpolatedFloats {
  /** The values in the type that was asked for. */
  readonly data: TensorData;
  /** How many values the two sides do not share; counted where the result has a half precision. */
  readonly changed: number;
  /** How many of them are those of `before` again once they are rounded. */
  readonly vanished: number;
}

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

/** Values that are converted together. */
const BLOCK = 4096;

/**
 * The same for values of any type, into a new array of another: in double precision, and rounded
 * once, to the nearest of `dtype`, ties to even.
 */
export function interpolateFloats(
  before: StoredFloats,
  after: StoredFloats,
  alpha: number,
  dtype: FloatDtype,
): InterpolatedFloats {
  const { length } = before.data;
  const storage = tensorDataClasses[dtype];
  const data = new storage(new ArrayBuffer(length * storage.BYTES_PER_ELEMENT));
  const [from, to, result] = [reader(before), reader(after), reader({ dtype, data })];
  const write = writer(dtype, data);
  const isHalf = dtype === "F16" || dtype === "BF16";
  let [changed, vanished] = [0, 0];
  for (let start = 0; start < length; start += BLOCK) {
    const block = () => new Float64Array(Math.min(BLOCK, length - start));
    const [a, b, sum] = [block(), block(), block()];
    from(start, a);
    to(start, b);
    interpolate(a, b, alpha, sum);
    write(start, sum);
    // At α = 0 nothing is meant to be left of the change.
    if (!isHalf || alpha === 0) continue;
    result(start, sum);
    for (let i = 0; i < sum.length; i++) {
      if (a[i] === b[i]) continue;
      changed++;
      if (sum[i] === a[i]) vanished++;
    }
  }
  return { data, changed, vanished };
}

/**
 * The first place at which a result is no number to go on with: NaN, or infinite where the two sides
 * are not the same infinity (which masks of attention are, that are kept beside weights); −1 if there
 * is none.
 */
export function findBroken(
  result: StoredFloats,
  before: StoredFloats,
  after: StoredFloats,
): number {
  const { length } = result.data;
  const [found, from, to] = [reader(result), reader(before), reader(after)];
  for (let start = 0; start < length; start += BLOCK) {
    const block = () => new Float64Array(Math.min(BLOCK, length - start));
    const values = block();
    found(start, values);
    if (findNotFinite(values) === -1) continue;
    const [a, b] = [block(), block()];
    from(start, a);
    to(start, b);
    const place = values.findIndex((value, i) => !Number.isFinite(value) && a[i] !== b[i]);
    if (place !== -1) return start + place;
  }
  return -1;
}

function between(before: number, after: number, alpha: number): number {
  return before === after ? before : (1 - alpha) * before + alpha * after;
}

/** All values as doubles, which hold every type exactly. */
export function decodeFloats(stored: StoredFloats): Float64Array {
  const { length } = stored.data;
  const values = new Float64Array(length);
  const read = reader(stored);
  for (let start = 0; start < length; start += BLOCK) {
    read(start, values.subarray(start, start + BLOCK));
  }
  return values;
}

/** Puts values from `start` on into a block; doubles hold all types exactly. */
function reader({ dtype, data }: StoredFloats): (
  start: number,
  block: Float64Array<ArrayBuffer>,
) => void {
  if (dtype !== "BF16") {
    const floats = floatsOf(data);
    return (start, block) => block.set(floats.subarray(start, start + block.length));
  }
  // A bfloat16 is the upper half of a single; so words of such halves are singles, exactly.
  const { values, words } = singles();
  return (start, block) => {
    for (let i = 0; i < block.length; i++) words[i] = Number(data[start + i]) << 16;
    block.set(values.subarray(0, block.length));
  };
}

/** Puts a block into the values from `start` on, rounded once. */
function writer(
  dtype: FloatDtype,
  data: TensorData,
): (start: number, block: Float64Array<ArrayBuffer>) => void {
  if (dtype !== "BF16") {
    const floats = floatsOf(data);
    return (start, block) => floats.set(block, start);
  }
  const bits = new Uint16Array(data.buffer);
  const { values, words } = singles();
  return (start, block) => {
    values.set(block);
    for (let i = 0; i < block.length; i++) {
      // Rounded to single, a sum may fall on the middle between two bfloat16 on which it did not lie:
      // one unit of the single towards it, and the second rounding goes where it belongs.
      const [exact, rounded] = [block[i]!, values[i]!];
      if ((words[i]! & 0xffff) === 0x8000 && rounded !== exact) {
        words[i] = words[i]! + (Math.abs(exact) > Math.abs(rounded) ? 1 : -1);
      }
    }
    bits.set(float32ToBfloat16(values.subarray(0, block.length)), start);
  };
}

/** Values that are bits of IEEE half precision, or floats already. */
function floatsOf(data: StoredFloats["data"]): Floats {
  if (data instanceof Float32Array || data instanceof Float64Array) return data;
  return new Float16Array(data.buffer, data.byteOffset, data.length);
}

function singles(): { readonly values: Float32Array; readonly words: Uint32Array } {
  const values = new Float32Array(BLOCK);
  return { values, words: new Uint32Array(values.buffer) };
}
