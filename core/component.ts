/**
 * Components are values: a factory such as `adamw({ lr: 1e-6 })` returns a small readonly object
 * that names itself, describes its options as JSON and can be made again with some of them changed.
 *
 * @module
 */

/** Anything that JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | {
  readonly [key: string]: Json;
};

/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json };

/** What every component of a recipe has in common; `defineComponent` sees to it. */
export interface Component {
  /** The factory's name, for people and manifests: `"adamw"`, `"clip"`, `"sugarCrepe"`. */
  readonly name: string;
  /**
   * Every option of the component with its value, defaults included. A component among them is its
   * name and its options.
   */
  readonly options: JsonObject;
  /**
   * The same component with some options changed, checked as the factory checks them.
   *
   * @param changes Values by the options' names, or by paths that lead into an option, which keep
   *   the rest of it: `{ "betas.1": 0.98, "negatives.preset": "strict" }`. Options of a component
   *   among the options can stand in an object as well: `{ negatives: { preset: "strict" } }`.
   * @throws {RangeError} if an option is unknown or has a value that the factory refuses.
   */
  with(changes: JsonObject): this;
}

/** Whether a value has the members of a {@linkcode Component}. */
export function isComponent(value: unknown): value is Component {
  return typeof value === "object" && value !== null &&
    "name" in value && typeof value.name === "string" &&
    "options" in value && typeof value.options === "object" && value.options !== null &&
    "with" in value && typeof value.with === "function";
}

/** A component as JSON: its name and its options in one object. */
export function describeComponent(component: Component): JsonObject {
  return { name: component.name, ...component.options };
}
