/**
 * Components are values: a factory such as `adamw({ lr: 1e-6 })` returns a small readonly object
 * that names itself, describes its options as JSON and can be made again with some of them changed.
 *
 * @module
 */
import type { z } from "zod";
import { nearest } from "./nearest.ts";

/** Anything that JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | {
  readonly [key: string]: Json;
};

/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json };

/** What every component of a recipe has in common. */
export interface Component {
  /** The factory's name, for people and manifests: `"adamw"`, `"clip"`, `"sugarcrepe"`. */
  readonly name: string;
  /** Every option of the component with its value, defaults included. */
  readonly options: JsonObject;
  /**
   * The same component with some options changed, checked as the factory checks them.
   *
   * @throws {RangeError} if an option is unknown or has a value that the factory refuses.
   */
  with(changes: JsonObject): Component;
}

/**
 * Options checked against a factory's schema, with its defaults filled in.
 *
 * @throws {RangeError} with one line for each fault: the option, what was expected, what was found.
 */
export function checkOptions<S extends z.ZodType>(
  component: string,
  schema: S,
  options: unknown,
): z.output<S> {
  const result = schema.safeParse(options);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => describeIssue(component, issue, schema));
  throw new RangeError(lines.join("\n"));
}

function describeIssue(component: string, issue: z.core.$ZodIssue, schema: z.ZodType): string {
  const path = [component, ...issue.path.map(String)].join(".");
  if (issue.code === "unrecognized_keys") {
    const known = "shape" in schema ? Object.keys(schema.shape as object) : [];
    return issue.keys.map((key) => {
      const guess = nearest(key, known);
      return `${path}: there is no option "${key}"` +
        (guess === undefined ? "" : `; did you mean "${guess}"?`);
    }).join("\n");
  }
  return `${path}: ${issue.message}`;
}
