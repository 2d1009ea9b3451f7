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

/** Finds the factories of this package by their names; each entry point is loaded once. */
export function factoryFinder(): (name: string) => Promise<Factory | undefined> {
  const entries = Object.entries(config.exports).filter(([entry, path]) =>
    makesComponents(entry, path)
  );
  const loaded = new Map<string, Promise<Readonly<Record<string, unknown>>>>();
  const load = (path: string) => {
    const module = loaded.get(path) ??
      importLater<Readonly<Record<string, unknown>>>(`../../../${path.slice(2)}`, import.meta.url);
    loaded.set(path, module);
    return module;
  };
  return async (name) => {
    for (const [entry, path] of entries) {
      const found = await load(path);
      const make = Object.hasOwn(found, name) ? found[name] : undefined;
      if (typeof make !== "function") continue;
      return { specifier: `${config.name}${entry.slice(1)}`, make: (options) => make(options) };
    }
    return undefined;
  };
}
