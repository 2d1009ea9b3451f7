import {
  bfloat16ToFloat32,
  float16ToFloat32,
  float32ToBfloat16,
  float32ToFloat16,
} from "../../../../core/host/storage/half_precision.ts";
import { openSafetensors } from "../../../../core/host/storage/safetensors.ts";
import { expect } from "expect";

// Written by PyTorch: 2,100 values (random bits, exact ties, subnormals, overflows) and what
// `.to(torch.float16)` and `.to(torch.bfloat16)` make of them.
const file = await openSafetensors(
  new URL("../../../golden/storage/half_precision.safetensors", import.meta.url).pathname,
);
const bitsOf = async (name: string) => {
  const bits = await file.read(name);
  if (!(bits instanceof Uint16Array)) throw new TypeError(name);
  return bits;
};

Deno.test("float32ToFloat16: gives PyTorch's bits", async () => {
  expect(float32ToFloat16(await file.readFloat32("float32"))).toEqual(await bitsOf("float16"));
});

Deno.test("float32ToBfloat16: gives PyTorch's bits", async () => {
  expect(float32ToBfloat16(await file.readFloat32("float32"))).toEqual(await bitsOf("bfloat16"));
});

Deno.test("float32ToBfloat16: a NaN stays a NaN, even one whose upper bits alone are infinity", () => {
  // 0x7f800001 cut to 16 bits would be 0x7f80, infinity; 0x7fffffff rounded up would be -0.
  const nans = new Float32Array(new Uint32Array([0x7f800001, 0x7fffffff, 0xff800001]).buffer);
  expect([...bfloat16ToFloat32(float32ToBfloat16(nans))]).toEqual([NaN, NaN, NaN]);
});

Deno.test("float16ToFloat32: every one of the 65,536 patterns goes there and back", () => {
  const patterns = Uint16Array.from({ length: 65536 }, (_, i) => i);
  const back = float32ToFloat16(float16ToFloat32(patterns));
  for (let i = 0; i < 65536; i++) {
    // Exponent 31 with a mantissa is a NaN, whose bits may change.
    const good = (i & 0x7fff) > 0x7c00 ? (back[i]! & 0x7fff) > 0x7c00 : back[i] === i;
    if (!good) throw new Error(`${i.toString(16)} came back as ${back[i]!.toString(16)}`);
  }
});

Deno.test("bfloat16ToFloat32: every pattern goes there and back", () => {
  const patterns = Uint16Array.from({ length: 65536 }, (_, i) => i);
  const back = float32ToBfloat16(bfloat16ToFloat32(patterns));
  for (let i = 0; i < 65536; i++) {
    const good = (i & 0x7fff) > 0x7f80 ? (back[i]! & 0x7fff) > 0x7f80 : back[i] === i;
    if (!good) throw new Error(`${i.toString(16)} came back as ${back[i]!.toString(16)}`);
  }
});

Deno.test("float16ToFloat32: a view into a larger buffer is read at its place", () => {
  // 0x3c00 is 1, 0x4000 is 2.
  const bits = new Uint16Array([0, 0x3c00, 0x4000]).subarray(1);
  expect([...float16ToFloat32(bits)]).toEqual([1, 2]);
  const values = new Float32Array([9, 1, 2]).subarray(1);
  expect([...float32ToBfloat16(values)]).toEqual([0x3f80, 0x4000]);
});
