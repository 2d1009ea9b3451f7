/**
 * Components are values: a factory such as `adamw({ lr: 1e-6 })` returns a small readonly object
 * that names itself, describes its options as JSON and can be made again with some of them changed.
 *
 * @module
 */
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

/** A rule of a schema that options break. */
export interface OptionsFault {
  /** Which rule: `"unrecognized_keys"` for options that there are none of. */
  readonly code?: string | undefined;
  /** The way to the value, keys and indices; empty for the options as a whole. */
  readonly path: readonly PropertyKey[];
  /** What was expected, for people. */
  readonly message: string;
  /** The options that are not known. */
  readonly keys?: readonly string[];
}

/** What checking options comes to: them with their defaults, or their faults. */
export type OptionsCheck<T> =
  | { readonly success: true; readonly data: T }
  | { readonly success: false; readonly error: { readonly issues: readonly OptionsFault[] } };

/** What {@linkcode checkOptions} needs of a schema; a `z.strictObject` of zod 4 has it. */
export interface OptionsSchema<T> {
  /** A schema for each option, by its name; lets a refusal suggest the one that was meant. */
  readonly shape?: object;
  /** Checks a value without throwing. */
  safeParse(value: unknown): OptionsCheck<T>;
}

/**
 * Options checked against a factory's schema, with its defaults filled in.
 *
 * @param component The factory's name, which begins every line of a refusal.
 * @throws {RangeError} with one line for each fault: the option, what was expected, what was found.
 */
export function checkOptions<T>(
  component: string,
  schema: OptionsSchema<T>,
  options: unknown,
): T {
  const result = schema.safeParse(options);
  if (result.success) return result.data;
  const known = Object.keys(schema.shape ?? {});
  const lines = result.error.issues.map((fault) => describeFault(component, fault, known));
  throw new RangeError(lines.join("\n"));
}

function describeFault(component: string, fault: OptionsFault, known: readonly string[]): string {
  const path = [component, ...fault.path.map(String)].join(".");
  if (fault.code !== "unrecognized_keys") return `${path}: ${fault.message}`;
  return (fault.keys ?? []).map((key) => {
    const guess = nearest(key, known);
    return `${path}: there is no option "${key}"` +
      (guess === undefined ? "" : `; did you mean "${guess}"?`);
  }).join("\n");
}
