/**
 * What schemas of configuration files are made of: known fields, and all others refused by name.
 *
 * @module
 */
import { z } from "zod";
import { checkContent } from "../../core/check_content.ts";
import { parseJson } from "../../core/parse_json.ts";

/** A whole number above 0. */
export const count = z.int().positive();

/** A side of a square: a number, or the same number twice, as some programs write it. */
export const side = z.union([count, z.tuple([count, count])], {
  error: "a whole number above 0",
}).transform((value, context) => {
  if (typeof value === "number") return value;
  const [height, width] = value;
  if (height !== width) context.addIssue("a square");
  return height;
});

/** Red, green and blue. */
export const triple = z.tuple([z.number(), z.number(), z.number()]);

/** A field that may be there with one of these values only, the first of them being the default. */
export function only(...values: readonly unknown[]): z.ZodType<unknown> {
  const known = values.map((value) => JSON.stringify(value));
  return z.unknown().refine(
    (value) => value === undefined || known.includes(JSON.stringify(value)),
    { error: known.join(" or ") },
  );
}

/** {@linkcode only} for each field of a record. */
export function onlyEach(
  fields: Readonly<Record<string, readonly unknown[]>>,
): Record<string, z.ZodType<unknown>> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, values]) => [name, only(...values).optional()]),
  );
}

/** Fields whose values are of no matter. */
export function ignored(names: readonly string[]): Record<string, z.ZodType<unknown>> {
  return Object.fromEntries(names.map((name) => [name, z.unknown().optional()]));
}

/**
 * Parses a file of JSON.
 *
 * @param path Named in errors.
 * @param what What the file is expected to be: `"the configuration of a CLIP"`.
 * @throws {SyntaxError} if it is no JSON, or naming each field that does not fit.
 */
export function parseFields<S extends z.ZodType>(
  path: string,
  text: string,
  what: string,
  schema: S,
): z.output<S> {
  return checkContent(path, what, schema, parseJson(path, text));
}
