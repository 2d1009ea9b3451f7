/**
 * Sixteen-bit floats as their bits, in the two layouts that checkpoints use: IEEE half precision
 * (F16) and the upper half of a single (BF16).
 *
 * @module
 */

/** The values of half-precision bits; exact. */
export function float16ToFloat32(bits: Uint16Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  return new Float32Array(new Float16Array(bits.buffer, bits.byteOffset, bits.length));
}

/** Half-precision bits of the nearest values, ties to even; past 65,504 by half a step: infinity. */
export function float32ToFloat16(values: Float32Array): Uint16Array<ArrayBuffer> {
  return new Uint16Array(new Float16Array(values).buffer);
}

/** The values of bfloat16 bits; exact. */
export function bfloat16ToFloat32(bits: Uint16Array): Float32Array<ArrayBuffer> {
  const words = new Uint32Array(bits.length);
  for (let i = 0; i < bits.length; i++) words[i] = bits[i]! << 16;
  return new Float32Array(words.buffer);
}

/** Bfloat16 bits of the nearest values, ties to even; a NaN stays a NaN. */
export function float32ToBfloat16(values: Float32Array): Uint16Array<ArrayBuffer> {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const bits = new Uint16Array(values.length);
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const isNaN = (word & 0x7fffffff) > 0x7f800000;
    // Rounding a NaN could carry it over to infinity, so its quiet bit is set instead.
    bits[i] = isNaN ? (word >>> 16) | 0x40 : (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
  }
  return bits;
}
