import type { BenchmarkEntry, BenchmarkOptions } from "../../../core/benchmark.ts";
import type { BenchmarkList } from "../../../core/plugin.ts";
import type { Evaluator } from "../../../core/evaluator.ts";
import { nearest } from "../../../core/nearest.ts";
import { sameName } from "../../../core/same_name.ts";
import { isModuleReference } from "../cli/load_recipe.ts";
import { findAnnotations } from "./find_annotations.ts";
import { placeNamed } from "./place_named.ts";
import { benchmarksOfModule } from "./module_benchmarks.ts";
import { ownData, ownDataForms } from "./own_data.ts";

/** What benchmarks are made with on the command line. */
export interface BenchmarkChoices {
  /** Folders of pictures. */
  readonly images?: readonly string[] | undefined;
  /** The folder of the annotations; for a single benchmark also their file or address. */
  readonly annotations?: string | undefined;
  /** Whether items whose pictures are missing are left out. */
  readonly partial?: boolean | undefined;
  /** Score only so many items of each subset. */
  readonly limit?: number | undefined;
  /** The column of the pictures in a table of one's own, by name or number (from 0). */
  readonly imageColumn?: string | undefined;
  /** The columns of the captions, likewise. */
  readonly captionColumns?: readonly string[] | undefined;
  /** What separates the cells of such a table. */
  readonly delimiter?: string | undefined;
}

/** A benchmark by the name that it was asked for. */
export interface NamedBenchmark {
  /** The name. */
  readonly name: string;
  /** Whether it is passed over where what it needs is not at hand. */
  readonly ifAtHand?: true;
  /** Makes it, once it is its turn: an error about one benchmark stops no other. */
  create(): Promise<Evaluator>;
}

/**
 * Benchmarks by name, written as one likes (`sugar_crepe`, `sugarCrepe`); `all` stands for all of the
 * field's, a suite (`all-2026`) for those of its own that are at hand. Beside names there are `folder:<path>`
 * (zero-shot classification of a folder of classes), `captions:<table>` (retrieval) and
 * `probe:<path>` (a linear probe), whose results bear the path as their name; and the path or
 * address of a module whose default export is a benchmark, or a plugin with benchmarks.
 *
 * Where a folder that is given has a folder of the benchmark's name in it, that one is taken, so that
 * one `--images` and one `--annotations` serve several.
 *
 * @param known The benchmarks that have a name.
 * @throws {RangeError} if there is no benchmark of a name, or several have annotations of their own
 *   and these are not given as a folder.
 */
export async function chooseBenchmarks(
  names: readonly string[],
  choices: BenchmarkChoices,
  known: BenchmarkList,
): Promise<readonly NamedBenchmark[]> {
  let entries = known;
  const wanted = new Set<string>();
  const wished = new Set<string>();
  for (const name of names) {
    const suite = Object.entries(known).filter(([, { suites }]) => suites?.includes(name));
    if (suite.length > 0) { for (const [each] of suite) wished.add(each); }
    else if (name === "all") {
      for (const [each, { inAll }] of Object.entries(known)) if (inAll !== false) wanted.add(each);
    } else if (isModuleReference(name) && ownData(name, {}) === undefined) {
      const found = await benchmarksOfModule(name);
      entries = { ...entries, ...found };
      for (const each of Object.keys(found)) wanted.add(each);
    } else wanted.add(sameName(name, Object.keys(entries)) ?? name);
  }
  const has = (name: string) => Object.hasOwn(entries, name);
  const all = [...new Set([...wanted, ...wished])];
  const annotated = all.filter((name) => has(name) && entries[name]!.takes.includes("annotations"));
  const annotations = choices.annotations === undefined || annotated.length === 0
    ? undefined
    : await findAnnotations(choices.annotations, annotated, entries);
  return all.map((name) => {
    const { images, ...others } = choices;
    const own = ownData(name, { ...others, images });
    if (own !== undefined) return { name, create: own };
    if (!has(name)) throw noSuchBenchmark(name, known);
    const entry = entries[name]!;
    const given = { ...choices, annotations: annotations?.get(name) };
    return {
      name,
      ...(wanted.has(name) ? {} : { ifAtHand: true as const }),
      create: async () => entry.create(await optionsFor(name, entry, given)),
    };
  });
}

/** The names of benchmarks for help: all, and how one's own data are named. */
export function describeNames(known: BenchmarkList): string {
  return `all, ${
    suitesOf(known).map((suite) => `${suite} (what is at hand), `).join("")
  }or any of ${Object.keys(known).join(", ")}; a module's path or address; or your own ` +
    `data, ${ownDataForms.join(", ")}`;
}

function suitesOf(known: BenchmarkList): readonly string[] {
  return [...new Set(Object.values(known).flatMap(({ suites }) => suites ?? []))];
}

async function optionsFor(
  name: string,
  { takes }: BenchmarkEntry,
  { images, annotations, partial, limit }: BenchmarkChoices,
): Promise<Partial<BenchmarkOptions>> {
  const given = {
    images: images && await Promise.all(images.map((folder) => ownFolder(folder, name))),
    annotations,
    partial,
    limit,
  };
  const used = takes.filter((option) => given[option] !== undefined);
  return Object.fromEntries(used.map((option) => [option, given[option]]));
}

async function ownFolder(folder: string, name: string): Promise<string> {
  const own = await placeNamed(folder, name);
  return own?.kind === "folder" ? own.path : folder;
}

function noSuchBenchmark(
  name: string,
  known: BenchmarkList,
): RangeError {
  const names = Object.keys(known);
  const guess = nearest(name, names);
  const apart = names.filter((each) => known[each]!.inAll === false);
  return new RangeError(
    `there is no benchmark "${name}"${guess === undefined ? "" : `; did you mean "${guess}"?`}\n` +
      `there are: ${names.join(", ")}` +
      (apart.length === 0 ? "" : `; all stands for all but ${apart.join(", ")}`) +
      suitesOf(known).map((suite) => `; ${suite} for those that are at hand`).join("") +
      `; of one's own data: ${ownDataForms.join(", ")}; and modules, such as ./my_benchmark.ts`,
  );
}
