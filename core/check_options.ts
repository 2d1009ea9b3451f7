/**
 * Options held against a schema.
 *
 * @module
 */
import { nearest } from "./nearest.ts";
import { type Fault, SettingsError } from "./settings_error.ts";

/** A rule of a schema that a value breaks, as zod 4 tells it. */
export interface OptionsIssue {
  /** Which rule: `"unrecognized_keys"` for options that there are none of. */
  readonly code?: string | undefined;
  /** The way to the value, keys and indices; empty for the options as a whole. */
  readonly path?: readonly PropertyKey[] | undefined;
  /** What is expected, for people: `"an even number"`. */
  readonly message?: string | undefined;
  /** The options that are not known. */
  readonly keys?: readonly string[];
  /** The values that are allowed, where it is one of a few. */
  readonly values?: readonly unknown[];
  /** What each of several kinds expects, where none of them fits. */
  readonly errors?: readonly (readonly OptionsIssue[])[];
  /** `found` is what was found, where that is not the value at the path. */
  readonly params?: { readonly [key: string]: unknown } | undefined;
}

/** What checking options needs of a schema; a `z.strictObject` of zod 4 has it. */
export interface OptionsSchema<T> {
  /** A schema for each option, by its name. */
  readonly shape?: object;
  /**
   * Checks a value without throwing.
   *
   * @param settings `error` gives the message of an issue for which the schema has none of its own.
   */
  safeParse(
    value: unknown,
    settings?: { readonly error?: (issue: OptionsIssue) => string | undefined },
  ):
    | { readonly success: true; readonly data: T }
    | { readonly success: false; readonly error: { readonly issues: readonly OptionsIssue[] } };
}

/** What was checked with its defaults filled in, or its faults. */
export type Checked<T> =
  | { readonly value: T; readonly faults?: never }
  | { readonly value?: never; readonly faults: readonly Fault[] };

/** Holds a value against a schema. */
export function checkValue<T>(schema: OptionsSchema<T>, value: unknown): Checked<T> {
  const result = schema.safeParse(value, { error: expectation });
  if (result.success) return { value: result.data };
  return { faults: result.error.issues.flatMap((issue) => faultsOfIssue(schema, value, issue)) };
}

/**
 * Options of a function with its defaults filled in.
 *
 * @param name What has the options: it begins every line of a refusal.
 * @throws {SettingsError} with all faults of the options.
 */
export function checkOptions<T>(name: string, schema: OptionsSchema<T>, options: unknown): T {
  const { value, faults } = checkValue(schema, options);
  if (faults !== undefined) throw new SettingsError(faults, name);
  return value;
}

function faultsOfIssue(schema: object, value: unknown, issue: OptionsIssue): readonly Fault[] {
  const path = (issue.path ?? []).map((key) => typeof key === "symbol" ? String(key) : key);
  if (issue.code === "unrecognized_keys") {
    const known = Object.keys(shapeAt(schema, path));
    return (issue.keys ?? []).map((key) => {
      const full = [...path, key];
      return unknownFault(full, path.length, known, valueAt(value, full));
    });
  }
  const there = Object.hasOwn(issue.params ?? {}, "found")
    ? issue.params!.found
    : valueAt(value, path);
  const found = there === undefined ? defaultAt(schema, path) : there;
  const suggestion = typeof found === "string" ? nearest(found, textsOf(issue)) : undefined;
  return [{
    path,
    code: found === undefined ? "missing" : "refused",
    expected: expectedBy(issue),
    found,
    ...(suggestion === undefined ? {} : { suggestion }),
  }];
}

/** The texts that an issue allows, of which one may be meant. */
function textsOf({ values = [], errors = [] }: OptionsIssue): readonly string[] {
  return [
    ...values.filter((value) => typeof value === "string"),
    ...errors.flat().flatMap(textsOf),
  ];
}

/**
 * The fault of a path that leads nowhere.
 *
 * @param at Which of its keys is none of those that are known.
 */
export function unknownFault(
  path: Fault["path"],
  at: number,
  known: readonly string[],
  found: unknown,
): Fault {
  const guess = nearest(String(path[at]), known);
  return {
    path,
    code: "unknown",
    expected: known.length === 0 ? "nothing" : `one of ${known.join(", ")}`,
    found,
    // What is known and holds nothing is no guess.
    ...(guess === undefined || guess === path[at]
      ? {}
      : { suggestion: path.with(at, guess).join(".") }),
  };
}

function valueAt(value: unknown, path: Fault["path"]): unknown {
  return path.reduce<unknown>(
    (inside, key) =>
      typeof inside === "object" && inside !== null && Object.hasOwn(inside, key)
        ? (inside as Record<string | number, unknown>)[key]
        : undefined,
    value,
  );
}

/** What a schema puts in the place of an option that was not given; `null` is nothing too. */
function defaultAt(schema: object, [option, ...inside]: Fault["path"]): unknown {
  const part = (shapeAt(schema, []) as Record<string, OptionsSchema<unknown> | undefined>)[option!];
  const result = part?.safeParse(undefined);
  return result?.success ? valueAt(result.data, inside) ?? undefined : undefined;
}

/** The schemas of the options of what a path leads to; none where that is not known. */
function shapeAt(schema: object, path: Fault["path"]): object {
  const inner = definitionOf(schema);
  const [key, ...rest] = path;
  if (key === undefined) return inner.shape ?? {};
  const next = inner.shape === undefined
    ? inner.element ?? inner.items?.[Number(key)]
    : (inner.shape as Record<string, object>)[key];
  return next === undefined ? {} : shapeAt(next, rest);
}

interface Definition {
  readonly shape?: object;
  readonly element?: object;
  readonly items?: readonly object[];
}

/** What a schema of zod is made of, without what says that it may be absent or `null`. */
function definitionOf(schema: object): Definition {
  const { def } = schema as {
    readonly def?: Definition & { readonly innerType?: object; readonly in?: object };
  };
  const wrapped = def?.innerType ?? def?.in;
  return wrapped === undefined ? def ?? schema : definitionOf(wrapped);
}

/** What an issue expects, whether its author says "an even number" or "expected an even number". */
function expectedBy({ message = OTHER }: OptionsIssue): string {
  return message.replace(/^expected /, "");
}

/** What is said of a value whose schema does not say what it expects. */
const OTHER = "another value";

/** An issue as zod 4 has it before it has a message. */
interface RawIssue extends OptionsIssue {
  readonly expected?: string;
  readonly origin?: string;
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
  readonly inclusive?: boolean;
  readonly exact?: boolean;
  readonly divisor?: number;
  readonly format?: string;
}

/** What an issue expects, in plain words, to be read after "expected". */
function expectation(issue: RawIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return TYPES[issue.expected ?? ""] ?? issue.expected ?? OTHER;
    case "invalid_value": {
      const values = (issue.values ?? []).map((value) => JSON.stringify(value));
      return values.length === 1 ? values[0]! : `one of ${values.join(", ")}`;
    }
    case "too_small":
      return sizeOf(issue, issue.minimum!, issue.inclusive ? "of at least" : "above");
    case "too_big":
      return sizeOf(issue, issue.maximum!, issue.inclusive ? "of at most" : "below");
    case "not_multiple_of":
      return `a multiple of ${issue.divisor}`;
    case "invalid_format":
      return `text of the form ${issue.format}`;
    case "invalid_union": {
      // What is wrong deeper inside a kind is of use only to who meant that kind.
      const kinds = (issue.errors ?? []).flatMap((branch) =>
        branch.filter(({ path }) => (path ?? []).length === 0).map(expectedBy)
      );
      return [...new Set(kinds)].join(" or ") || OTHER;
    }
    default:
      return OTHER;
  }
}

function sizeOf(issue: RawIssue, limit: number | bigint, relation: string): string {
  const { origin, exact } = issue;
  if (origin === "string") {
    if (limit === 1 && issue.code === "too_small") return "text that is not empty";
    return exact ? `text of ${limit} characters` : `text ${relation} ${limit} characters`;
  }
  if (origin === "array" || origin === "set") {
    return exact ? `a list of ${limit}` : `a list ${relation} ${limit}`;
  }
  return `a number ${relation} ${limit}`;
}

const TYPES: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  tuple: "a list",
  object: "an object",
  record: "an object",
  null: "null",
};
