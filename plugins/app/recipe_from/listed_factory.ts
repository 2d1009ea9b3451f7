import type { Component, JsonObject } from "../../../core/component.ts";
import { type BenchmarkList, fromPlugin, type Plugin } from "../../../core/plugin.ts";
import type { Factory } from "./factory.ts";
import { IDENTIFIER } from "./variables.ts";

/** A factory without the module that its plugin stands in. */
type ListedFactory = Omit<Factory, "specifier">;

/**
 * The factory of a component that a plugin lists: among its data and objectives by its name, among its
 * generators of negatives, benchmarks and families of models the one that makes a component of that
 * name.
 *
 * @param options Those that the component is to have, as JSON.
 * @throws {RangeError} if what is listed cannot be loaded; names the plugin and the place in it.
 */
export async function listedFactory(
  plugin: Plugin,
  name: string,
  options: JsonObject,
): Promise<ListedFactory | undefined> {
  return await inCatalogues(plugin, name) ?? await amongNegatives(plugin, name) ??
    await amongBenchmarks(plugin, name, options) ?? await amongModels(plugin, name, options);
}

async function inCatalogues(plugin: Plugin, name: string): Promise<ListedFactory | undefined> {
  for (const part of ["data", "objectives"] as const) {
    const list = plugin[part] ?? {};
    const make = Object.hasOwn(list, name)
      ? await fromPlugin(plugin, `${part}.${name}`, () => list[name]!.load())
      : undefined;
    if (typeof make !== "function") continue;
    return {
      make: (given) => make(given),
      listed: {
        // What a catalogue loads has no type of its own.
        expression: (of) =>
          `await ${of}.${part}!${at(name)}.load() as (options?: unknown) => never`,
        method: "",
      },
    };
  }
  return undefined;
}

async function amongNegatives(plugin: Plugin, name: string) {
  for (const [key, load] of Object.entries(plugin.negatives ?? {})) {
    const generator = await fromPlugin(plugin, `negatives.${key}`, async () => {
      const loaded = await load();
      return loaded.name === name ? loaded : undefined;
    });
    if (generator === undefined) continue;
    return changed(generator, (of) => `await ${of}.negatives!${at(key)}()`);
  }
  return undefined;
}

async function amongBenchmarks(
  plugin: Plugin,
  name: string,
  options: JsonObject,
): Promise<ListedFactory | undefined> {
  const { benchmarks } = plugin;
  const isLater = typeof benchmarks === "function";
  const list: BenchmarkList =
    await (isLater ? fromPlugin(plugin, "benchmarks", benchmarks) : benchmarks) ?? {};
  let alike: ListedFactory | undefined;
  for (const [key, entry] of Object.entries(list)) {
    const made = await fromPlugin(plugin, `benchmarks.${key}`, () => {
      const taken = Object.entries(options)
        .filter(([each]) => entry.takes.some((of) => of === each));
      return unlessRefused(() => entry.create(Object.fromEntries(taken)));
    });
    if (made?.name !== name) continue;
    const factory: ListedFactory = {
      make: (given) => entry.create(given as JsonObject),
      listed: {
        expression: (of) =>
          isLater
            ? `(await (${of}.benchmarks as () => Promise<BenchmarkList>)())${at(key)}`
            : `(${of}.benchmarks as BenchmarkList)${at(key)}`,
        types: ["BenchmarkList"],
        method: ".create",
        takes: entry.takes,
      },
    };
    // Several entries may make one component with other options.
    if (JSON.stringify(made.options) === JSON.stringify(options)) return factory;
    alike ??= factory;
  }
  return alike;
}

async function amongModels(plugin: Plugin, name: string, options: JsonObject) {
  const texts = Object.values(options).filter((each) => typeof each === "string");
  for (const [key, family] of Object.entries(plugin.models ?? {})) {
    // A family knows references and not options: what could be one is tried.
    for (const reference of [...texts, key, ...texts.map((each) => `${key}:${each}`)]) {
      const source = await fromPlugin(
        plugin,
        `models.${key}`,
        () => unlessRefused(() => family.source(reference, {})),
      );
      if (source?.name !== name) continue;
      const given = JSON.stringify(reference);
      return changed(source, (of) => `(await ${of}.models!${at(key)}.source(${given}, {}))!`);
    }
  }
  return undefined;
}

/** A component that is there, with options in the place of its own. */
function changed(
  component: Component,
  expression: (plugin: string) => string,
): ListedFactory {
  return {
    make: (given) =>
      Object.keys(given as JsonObject).length === 0
        ? component
        : component.with(given as JsonObject),
    listed: { expression, method: ".with" },
  };
}

async function unlessRefused<T>(make: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await make();
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return undefined;
    throw error;
  }
}

/** What is listed under a key, which may be none that can stand behind a dot. */
function at(key: string): string {
  return IDENTIFIER.test(key) ? `.${key}!` : `[${JSON.stringify(key)}]!`;
}
