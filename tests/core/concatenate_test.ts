import { expect } from "expect";
import { concatenate } from "../../core/concatenate.ts";

Deno.test("concatenate: one after another, in an array of its own", () => {
  const first = Float32Array.of(1, 2);
  const all = concatenate(Float32Array, [first, [], Float32Array.of(3)]);
  expect(all).toEqual(Float32Array.of(1, 2, 3));
  first[0] = 9;
  expect(all[0]).toBe(1);
  expect(concatenate(Uint8Array, [])).toEqual(new Uint8Array());
});
