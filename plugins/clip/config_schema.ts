/**
 * What schemas of configuration files are made of: known fields, and all others refused by name.
 *
 * @module
 */
import { z } from "zod";
import { checkValue } from "../../core/check_options.ts";
import { parseJson as readValue } from "../../core/parse_json.ts";
import { describeFound, type Fault } from "../../core/settings_error.ts";
import { shortened } from "../../core/shortened.ts";

/** A whole number above 0. */
export const count = z.int().positive();

/** A side of a square: a number, or the same number twice, as some programs write it. */
export const side = z.union([count, z.tuple([count, count])], {
  error: ({ input }) => `expected a whole number above 0, found ${JSON.stringify(input)}`,
}).transform((value, context) => {
  if (typeof value === "number") return value;
  const [height, width] = value;
  if (height !== width) context.addIssue(`expected a square, found ${height} x ${width}`);
  return height;
});

/** Red, green and blue. */
export const triple = z.tuple([z.number(), z.number(), z.number()]);

/** A field that may be there with one of these values only, the first of them being the default. */
export function only(...values: readonly unknown[]): z.ZodType<unknown> {
  const known = values.map((value) => JSON.stringify(value));
  return z.unknown().refine(
    (value) => value === undefined || known.includes(JSON.stringify(value)),
    { error: ({ input }) => `expected ${known.join(" or ")}, found ${JSON.stringify(input)}` },
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
export function parseJson<S extends z.ZodType>(
  path: string,
  text: string,
  what: string,
  schema: S,
): z.output<S> {
  return parseFields(path, readValue(path, text), what, schema);
}

/**
 * Holds a value against a schema.
 *
 * @param place Where in the file the value stands, for errors. Default: it is the whole file.
 * @throws {SyntaxError} naming each field that does not fit.
 */
export function parseFields<S extends z.ZodType>(
  path: string,
  value: unknown,
  what: string,
  schema: S,
  place?: string,
): z.output<S> {
  const { value: checked, faults } = checkValue(schema, value);
  if (faults === undefined) return checked;
  const told = faults.slice(0, TOLD).map((fault) => describe(fault, place));
  if (faults.length > TOLD) told.push(`and ${faults.length - TOLD} more`);
  throw new SyntaxError(`${path}: not ${what}: ${told.join("; ")}`);
}

/** Faults that a message tells; more are counted. */
const TOLD = 10;

/** Some schemas say themselves what they found. */
function describe({ path, code, expected, found }: Fault, place: string | undefined): string {
  const at = [...(place === undefined ? [] : [place]), ...path].join(".");
  const what = code === "unknown"
    ? "a field that is not known here, nor what it changes"
    : expected.includes(", found ")
    ? `expected ${expected}`
    : `expected ${expected}, found ${describeFound(found)}`;
  return `${shortened(at)}: ${shortened(what, 300)}`;
}
