import { expect } from "expect";
import { fixedDigits, signedDigits } from "../../core/fixed_digits.ts";

Deno.test("fixedDigits: nothing that is rounded to zero has a sign", () => {
  expect([0.0004, -0.0004, -0, -0.0005001].map((value) => fixedDigits(value, 3)))
    .toEqual(["0.000", "0.000", "0.000", "-0.001"]);
  expect(fixedDigits(-0.4, 0)).toBe("0");
});

Deno.test("signedDigits: a sign each way, and none for nothing", () => {
  expect([0.25, -0.25, 0.001, -0.001].map((difference) => signedDigits(difference, 2)))
    .toEqual(["+0.25", "-0.25", "0.00", "0.00"]);
});
