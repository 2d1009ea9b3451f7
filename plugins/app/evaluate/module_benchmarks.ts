import type { BenchmarkEntry, BenchmarkOptions } from "../../../core/benchmark.ts";
import type { JsonObject } from "../../../core/component.ts";
import type { Evaluator } from "../../../core/evaluator.ts";
import { type BenchmarkList, isPlugin } from "../../../core/plugin.ts";
import { loadDefaultExport } from "../cli/load_recipe.ts";

/** Options that the command line can give to a benchmark. */
const TAKEN: readonly (keyof BenchmarkOptions)[] = ["images", "annotations", "partial", "limit"];

/**
 * The benchmarks of a module: its default export is one that was made with its options
 * (`export default whatsUp({ images: "photos" })`), or a plugin with benchmarks. Of the options of the
 * command line a benchmark gets those that it has.
 *
 * @throws {RangeError} if there is no such file, or its default export is something else.
 * @throws {SyntaxError} if the module cannot be loaded.
 */
export async function benchmarksOfModule(
  reference: string,
): Promise<BenchmarkList> {
  const found = await loadDefaultExport(reference);
  if (isPlugin(found)) {
    const { benchmarks } = found;
    const list = await (typeof benchmarks === "function" ? benchmarks() : benchmarks);
    if (list !== undefined && Object.keys(list).length > 0) return list;
  }
  if (isEvaluator(found)) return { [found.name]: entryOf(found) };
  throw new RangeError(
    `${reference}: expected a benchmark as default export (a component with evaluate), or a plugin ` +
      `that has some, found ${found === undefined ? "no default export" : describe(found)}`,
  );
}

function isEvaluator(value: unknown): value is Evaluator {
  return typeof value === "object" && value !== null && "evaluate" in value &&
    typeof value.evaluate === "function" && "with" in value && "name" in value &&
    typeof value.name === "string";
}

function entryOf(evaluator: Evaluator): BenchmarkEntry {
  const takes = TAKEN.filter((option) => Object.hasOwn(evaluator.options, option));
  return {
    source: {
      title: evaluator.name,
      paper: null,
      homepage: null,
      annotations: null,
      pictures: "as its module says",
      licence: "as its module says",
      gated: false,
      items: null,
    },
    takes,
    create: (options) => {
      const changes = options as JsonObject;
      return Object.keys(changes).length === 0 ? evaluator : evaluator.with(changes);
    },
  };
}

function describe(value: unknown): string {
  if (typeof value !== "object" || value === null) return typeof value;
  return `an object with ${Object.keys(value).slice(0, 5).join(", ") || "nothing"}`;
}
