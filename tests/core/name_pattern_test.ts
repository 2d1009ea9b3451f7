import { expect } from "expect";
import { namePattern } from "../../core/name_pattern.ts";

Deno.test("namePattern: a star stands for anything, all else for itself", () => {
  const matches = (pattern: string, name: string) =>
    new RegExp(`^${namePattern(pattern)}$`).test(name);
  expect(matches("text.*.weight", "text.blocks.0.weight")).toBe(true);
  expect(matches("text.*.weight", "textual.weight")).toBe(false);
  expect(matches("a+b[0](c)|d", "a+b[0](c)|d")).toBe(true);
  expect(matches("a.b", "axb")).toBe(false);
  expect(matches("*", "")).toBe(true);
});
