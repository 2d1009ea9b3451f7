/**
 * Plugins: what adds models, data, methods, benchmarks, commands and recipes. Those that come along
 * and those of other people are made and used in the same way.
 *
 * @module
 */
import type { BenchmarkEntry } from "./benchmark.ts";
import type { Hooks } from "./hooks.ts";
import type { Literature } from "./literature.ts";
import type { Raster } from "./images/raster.ts";
import type { ModelSource } from "./model.ts";
import type { NegativeGenerator } from "./negative_generator.ts";
import { nearest } from "./nearest.ts";
import { type Fault, SettingsError } from "./settings_error.ts";

/** What a plugin brings. All parts are optional; what is heavy is loaded when it is asked for. */
export interface Plugin {
  /** Names it in messages: lower case, digits and hyphens. */
  readonly name: string;
  /** Families of models, asked in their order for what a reference to weights means. */
  readonly models?: Readonly<Record<string, ModelFamily>>;
  /** Sources of data for recipes, by the name of their factory. */
  readonly data?: Readonly<Record<string, PluginEntry<unknown>>>;
  /** Objectives, composers and losses for recipes, by the name of their factory. */
  readonly objectives?: Readonly<Record<string, PluginEntry<unknown>>>;
  /** Generators of hard negatives, by the name that commands know them by. */
  readonly negatives?: Readonly<Record<string, () => Promise<NegativeGenerator>>>;
  /** Benchmarks, by the name that `evaluate` knows them by. */
  readonly benchmarks?: BenchmarkList | (() => Promise<BenchmarkList>);
  /**
   * Finds the pictures of items that the plugin's benchmarks draw or keep in files of their own:
   * undefined if the item is none of this plugin's.
   *
   * @param name What the benchmark's result calls the item.
   * @param options Where and how.
   * @param options.folders Folders of pictures that may have it.
   * @param options.size Pixels a side that are enough.
   */
  readonly pictures?: (
    name: string,
    options: { readonly folders: readonly string[]; readonly size: number },
  ) => Promise<Raster | undefined>;
  /** Loads what was written about its components and data sets: reports show and cite it. */
  readonly literature?: () => Promise<Literature>;
  /** Commands of the command line, by name; a module's default export defines one. */
  // What a command is given belongs to the command line, of which the core knows nothing.
  readonly commands?: Readonly<
    Record<string, PluginEntry<{ readonly default: (command: never, host: never) => void }>>
  >;
  /** Recipes, by name; a module's default export is one. */
  readonly recipes?: Readonly<Record<string, PluginEntry<{ readonly default: unknown }>>>;
  /** What hears of every run. */
  readonly hooks?: readonly Hooks[] | (() => Promise<readonly Hooks[]>);
}

/** A factory, command or recipe that is known by name, and loaded when it is asked for. */
export interface PluginEntry<Loaded> {
  /** One sentence for lists. */
  readonly description: string;
  /** Loads it. */
  load(): Promise<Loaded>;
}

/** Benchmarks by name. */
export type BenchmarkList = Readonly<Record<string, BenchmarkEntry>>;

/** A family of models that weights can be of. */
export interface ModelFamily {
  /** How its weights are named, for help: `"tiny, or tiny:<file>"`. */
  readonly form: string;
  /**
   * The model that a reference to weights means; undefined if it is none of this family's.
   *
   * @param options What a person can say of weights that do not tell it themselves.
   * @param options.activation The activation of the perceptrons.
   * @param options.part Which of several models in one file.
   */
  source(
    reference: string,
    options: { readonly activation?: "quick_gelu" | "gelu"; readonly part?: string },
  ): Promise<ModelSource | undefined>;
}

const PARTS: readonly (keyof Plugin)[] = [
  "name",
  "models",
  "data",
  "objectives",
  "negatives",
  "benchmarks",
  "pictures",
  "literature",
  "commands",
  "recipes",
  "hooks",
];

/** The parts that hold things by name. */
const NAMED = ["models", "data", "objectives", "negatives", "commands", "recipes"] as const;

/**
 * A plugin whose parts were checked.
 *
 * @example
 * ```ts
 * import { definePlugin, type Plugin } from "@syntagma/syntagma";
 *
 * const plugin: Plugin = definePlugin({
 *   name: "my-method",
 *   recipes: {
 *     "my-recipe": { description: "Mine", load: () => import("./my_recipe.ts") },
 *   },
 * });
 * ```
 *
 * @throws {SettingsError} with one line for each fault: the part, what was expected, what was found.
 */
export function definePlugin(plugin: Plugin): Plugin {
  const faults: Fault[] = [];
  const refuse = (part: string, expected: string, found: unknown) =>
    faults.push({ path: [part], code: "refused", expected, found });
  const { name } = plugin;
  if (typeof name !== "string" || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) {
    refuse("name", "lower-case letters, digits and single hyphens", name);
  }
  for (const part of Object.keys(plugin)) {
    if ((PARTS as readonly string[]).includes(part)) continue;
    const suggestion = nearest(part, PARTS);
    faults.push({
      ...{ path: [part], code: "unknown", expected: PARTS.join(", ") },
      ...{ found: plugin[part as keyof Plugin], ...(suggestion && { suggestion }) },
    });
  }
  for (const part of NAMED) {
    const value: unknown = plugin[part];
    if (value === undefined) continue;
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      refuse(part, "an object with a value for each name", value);
      continue;
    }
    for (const each of Object.keys(value)) {
      if (/^[\w.:-]+$/.test(each)) continue;
      refuse(part, "names of letters, digits and . : - _", each);
    }
  }
  if (faults.length === 0) return Object.freeze({ ...plugin });
  throw new SettingsError(faults, `plugin ${name ?? ""}`.trimEnd());
}

/** Whether a module's default export is meant as a plugin: an object with a name and known parts. */
export function isPlugin(value: unknown): value is Plugin {
  return typeof value === "object" && value !== null && "name" in value &&
    !("options" in value) && NAMED_OR_LISTED.some((part) => part in value);
}

const NAMED_OR_LISTED = PARTS.filter((part) => part !== "name");

/**
 * What the code of a plugin gives.
 *
 * @param place Where the plugin has the code: `"benchmarks"`, `"negatives.words"`.
 * @throws {RangeError} with the plugin and the place, if it throws anything.
 */
export async function fromPlugin<T>(
  { name }: Pick<Plugin, "name">,
  place: string,
  load: () => T | Promise<T>,
): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RangeError(`plugin ${name}, ${place}: ${reason}`, { cause: error });
  }
}
