import config from "../../../deno.json" with { type: "json" };
import { importLater } from "../../../core/import_later.ts";

/** A factory of components, and where a recipe imports it from. */
export interface Factory {
  /** The module's specifier: `"@syntagma/syntagma/clip"`. */
  readonly specifier: string;
  /** Makes the component. */
  readonly make: (options: unknown) => unknown;
}

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
 * this package. Each module is loaded once.
 */
export function factoryFinder(
  others: readonly FactoryModule[] = [],
): (name: string) => Promise<Factory | undefined> {
  const own = Object.entries(config.exports)
    .filter(([entry, path]) => makesComponents(entry, path))
    .map(([entry, path]): FactoryModule => ({
      specifier: `${config.name}${entry.slice(1)}`,
      load: () => importLater(`../../../${path.slice(2)}`, import.meta.url),
    }));
  const loaded = new Map<FactoryModule, ReturnType<FactoryModule["load"]>>();
  return async (name) => {
    for (const module of [...others, ...own]) {
      const loading = loaded.get(module) ?? module.load();
      loaded.set(module, loading);
      const found = await loading;
      const make = Object.hasOwn(found, name) ? found[name] : undefined;
      if (typeof make !== "function") continue;
      return { specifier: module.specifier, make: (options) => make(options) };
    }
    return undefined;
  };
}
