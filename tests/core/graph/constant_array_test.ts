import { expect } from "expect";
import { constantArray } from "../../../core/graph/constant_array.ts";
import { constant } from "../../../core/graph/node.ts";

Deno.test("constantArray: the values in the array of their type", () => {
  const values = (...of: Parameters<typeof constant>) => constantArray(constant(...of).node);
  expect(values([1.5, -2], [2])).toEqual(Float32Array.of(1.5, -2));
  expect(values([3, -4], [1, 2], "int64")).toEqual(BigInt64Array.of(3n, -4n));
  expect(values([5], [], "int32")).toEqual(Int32Array.of(5));
  // Bits: sign 0, exponent 15 (of 2⁰), half.
  expect(values([1.5], [1], "float16")).toEqual(Uint16Array.of(0x3e00));
  expect(values([1, 0], [2], "bool")).toEqual(Uint8Array.of(1, 0));
});
