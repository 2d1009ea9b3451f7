import type { Hooks } from "./hooks.ts";
import { joinLiterature, type Literature } from "./literature.ts";
import type { ModelSource } from "./model.ts";
import { type BenchmarkList, fromPlugin, type ModelFamily, type Plugin } from "./plugin.ts";

/** What several plugins bring together. */
export interface PluginSet {
  /** The plugins, in order. */
  readonly plugins: readonly Plugin[];
  /** Families of models, in the order in which they are asked. */
  readonly models: NonNullable<Plugin["models"]>;
  /** Sources of data. */
  readonly data: NonNullable<Plugin["data"]>;
  /** Objectives, composers and losses. */
  readonly objectives: NonNullable<Plugin["objectives"]>;
  /** Generators of hard negatives. */
  readonly negatives: NonNullable<Plugin["negatives"]>;
  /** Commands of the command line. */
  readonly commands: NonNullable<Plugin["commands"]>;
  /** Recipes. */
  readonly recipes: NonNullable<Plugin["recipes"]>;
  /** Asks every plugin for a picture. */
  readonly picture: NonNullable<Plugin["pictures"]>;
  /**
   * Loads all benchmarks.
   *
   * @throws {RangeError} if two have the same name.
   */
  benchmarks(): Promise<BenchmarkList>;
  /** Loads all literature. */
  literature(): Promise<Required<Literature>>;
  /** Loads all hooks. */
  hooks(): Promise<readonly Hooks[]>;
  /**
   * The model that a reference to weights means: that of the first family which knows it.
   *
   * @throws {RangeError} if none does.
   */
  source(reference: string, options: Parameters<ModelFamily["source"]>[1]): Promise<ModelSource>;
}

/**
 * Several plugins as one.
 *
 * @throws {RangeError} if two bring something of the same kind under one name, naming both.
 */
export function joinPlugins(plugins: readonly Plugin[]): PluginSet {
  const names = new Set<string>();
  for (const { name } of plugins) {
    if (names.has(name)) throw new RangeError(`plugins: found "${name}" twice`);
    names.add(name);
  }
  const join = <T>(what: string, lists: readonly (readonly [string, Named<T>])[]): Named<T> => {
    const owners = new Map<string, string>();
    const joined: Record<string, T> = {};
    for (const [plugin, list] of lists) {
      for (const [name, value] of Object.entries(list)) {
        const owner = owners.get(name);
        if (owner !== undefined) {
          throw new RangeError(
            `plugins: ${what} "${name}" is in both "${owner}" and "${plugin}"; leave one out`,
          );
        }
        owners.set(name, plugin);
        joined[name] = value;
      }
    }
    return joined;
  };
  const joinPart = <T>(what: string, part: (plugin: Plugin) => Named<T> | undefined) =>
    join<T>(what, plugins.map((plugin) => [plugin.name, part(plugin) ?? {}]));
  const models = joinPart("the family of models", ({ models }) => models);
  return {
    plugins,
    models,
    data: joinPart("the data source", ({ data }) => data),
    objectives: joinPart("the objective", ({ objectives }) => objectives),
    negatives: joinPart("the generator", ({ negatives }) => negatives),
    commands: joinPart("the command", ({ commands }) => commands),
    recipes: joinPart("the recipe", ({ recipes }) => recipes),
    picture: async (name, options) => {
      for (const { pictures } of plugins) {
        const found = await pictures?.(name, options);
        if (found !== undefined) return found;
      }
      return undefined;
    },
    benchmarks: async () =>
      join(
        "the benchmark",
        await Promise.all(
          plugins.map(async (plugin) =>
            [plugin.name, await loaded(plugin, "benchmarks", plugin.benchmarks) ?? {}] as const
          ),
        ),
      ),
    literature: async () =>
      joinLiterature(
        await Promise.all(
          plugins.map(async (each) => await loaded(each, "literature", each.literature) ?? {}),
        ),
      ),
    hooks: async () =>
      (await Promise.all(
        plugins.map(async (each) => await loaded(each, "hooks", each.hooks) ?? []),
      )).flat(),
    source: async (reference, options) => {
      for (const family of Object.values(models)) {
        const found = await family.source(reference, options);
        if (found !== undefined) return found;
      }
      const forms = Object.values(models).map(({ form }) => form);
      throw new RangeError(
        `${reference}: expected the weights of a model (${forms.join("; ")})`,
      );
    },
  };
}

/** A part of a plugin that is there, or loaded when it is asked for. */
async function loaded<T extends object>(
  plugin: Plugin,
  place: keyof Plugin,
  part: T | (() => Promise<T>) | undefined,
): Promise<T | undefined> {
  return typeof part === "function" ? await fromPlugin(plugin, place, part) : part;
}

type Named<T> = Readonly<Record<string, T>>;
