import type { JsonObject } from "../../../core/component.ts";

/** A factory of components, and where a recipe imports it from. */
export interface Factory {
  /** The module's specifier: `"@syntagma/syntagma/clip"`. */
  readonly specifier: string;
  /** Makes the component. */
  readonly make: (options: unknown) => unknown;
  /** Where the module's plugin lists it; else the module exports it by the component's name. */
  readonly listed?: Listed;
}

/** How a recipe comes by what a plugin lists. */
export interface Listed {
  /** The expression that gives it, by what the plugin is called there. */
  expression(plugin: string): string;
  /** Types of this package that the expression names. */
  readonly types?: readonly string[];
  /** What of it is called with the options; `""` where it is itself a function. */
  readonly method: "" | ".with" | ".create";
  /** The options that are given to it. Default: all. */
  readonly takes?: readonly string[];
}

/**
 * Finds the factory of a component.
 *
 * @param options Those that the component is to have, as JSON.
 */
export type FindFactory = (name: string, options: JsonObject) => Promise<Factory | undefined>;
