import { expect } from "expect";
import { z } from "zod";
import { checkContent } from "../../core/check_content.ts";

const schema = z.strictObject({
  name: z.string(),
  sizes: z.array(z.int().min(1)),
  kind: z.enum(["a", "b"]).default("a"),
});
const check = (value: unknown) => checkContent("x.json", "a shape", schema, value);

Deno.test("checkContent: gives the value with its defaults", () => {
  expect(check({ name: "n", sizes: [1] })).toEqual({ name: "n", sizes: [1], kind: "a" });
});

Deno.test("checkContent: says of each fault where it is, what was expected and what was found", () => {
  expect(() => check({ name: 7, sizes: [1, 0], kind: "other", sise: 1 })).toThrow(
    new SyntaxError(
      "x.json: not a shape: name: expected text, found 7; sizes.1: expected a number of at least 1, " +
        'found 0; kind: expected one of "a", "b", found "other"; ' +
        "sise: a field that is not known here, nor what it changes",
    ),
  );
  expect(() => check(undefined)).toThrow("x.json: not a shape: expected an object, found nothing");
});

Deno.test("checkContent: the message stays short, whatever the file holds", () => {
  const long = "x".repeat(100_000);
  const found = (value: unknown) => {
    try {
      check(value);
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(found({ name: "n", sizes: [], kind: long })).toContain("… (100002 characters)");
  expect(found({ [long]: 1, name: "n", sizes: [] })!.length).toBeLessThan(400);
  expect(found({ name: "n", sizes: Array(1000).fill(0) })).toMatch(/; and 995 more$/);
});
