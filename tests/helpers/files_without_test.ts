import { dirname, join } from "node:path/posix";
import { factsOf } from "./house_rules.ts";
import { modulesIn, readModule } from "./import_graph.ts";

/**
 * What only lists names or plugins, or has nothing but types, is not asked for a test; of literature
 * there is one that asks the plugins for it.
 */
const EXPORTS_VALUE = /^export (async function|function\*?|const|class|\{ (?!type ))/m;

/** Source files with values of their own that no test imports, from the repository's root. */
export function filesWithoutTest(): string[] {
  const imported = new Set(
    [...modulesIn("tests")].filter((path) => path.endsWith("_test.ts")).flatMap((path) =>
      factsOf(path, readModule(path)).imports
        .filter(({ specifier }) => specifier.startsWith("."))
        .map(({ specifier }) => join(dirname(path), specifier))
    ),
  );
  return ["core", "plugins"].flatMap((folder) => [...modulesIn(folder)])
    .filter((path) => !/\/(mod|plugin|literature)\.ts$/.test(path))
    .filter((path) => EXPORTS_VALUE.test(readModule(path)))
    .filter((path) => !imported.has(path))
    .toSorted();
}
