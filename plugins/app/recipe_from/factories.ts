import config from "../../../deno.json" with { type: "json" };
import { importLater } from "../../../core/import_later.ts";
import { isPlugin } from "../../../core/plugin.ts";
import type { FindFactory } from "./factory.ts";
import { listedFactory } from "./listed_factory.ts";

/** Whether an entry point may make components of recipes. */
function makesComponents(entry: string, path: string): boolean {
  return entry === "./optimizers" || /^\.\/plugins\/(?!app\/|authoring\/)/.test(path);
}

/** A module that may export factories. */
export interface FactoryModule {
  /** Where a recipe imports it from. */
  readonly specifier: string;
  /** Loads what it exports by name. */
  load(): Promise<Readonly<Record<string, unknown>>>;
}

/**
 * Finds factories by their names: those of other modules, which somebody has named, before those of
 * this package. What a module exports comes before what its plugin lists. Each module is loaded once.
 */
export function factoryFinder(
  others: readonly FactoryModule[] = [],
): FindFactory {
  const own = Object.entries(config.exports)
    .filter(([entry, path]) => makesComponents(entry, path))
    .map(([entry, path]): FactoryModule => ({
      specifier: `${config.name}${entry.slice(1)}`,
      load: () => importLater(`../../../${path.slice(2)}`, import.meta.url),
    }));
  const loaded = new Map<FactoryModule, ReturnType<FactoryModule["load"]>>();
  return async (name, options) => {
    for (const module of [...others, ...own]) {
      const loading = loaded.get(module) ?? module.load();
      loaded.set(module, loading);
      const found = await loading;
      const make = Object.hasOwn(found, name) ? found[name] : undefined;
      const { specifier } = module;
      if (typeof make === "function") return { specifier, make: (given) => make(given) };
      const plugin = others.includes(module) ? found["default"] : undefined;
      const listed = isPlugin(plugin) ? await listedFactory(plugin, name, options) : undefined;
      if (listed !== undefined) return { specifier, ...listed };
    }
    return undefined;
  };
}
