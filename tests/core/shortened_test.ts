import { expect } from "expect";
import { shortened } from "../../core/shortened.ts";

Deno.test("shortened: a text as it is, or its beginning and how long it is", () => {
  expect(shortened("a".repeat(160))).toBe("a".repeat(160));
  expect(shortened("a".repeat(161))).toBe(`${"a".repeat(160)}… (161 characters)`);
  expect(shortened("abcdef", 4)).toBe("abcd… (6 characters)");
});
