import { join } from "node:path";
import type { Evaluator } from "../../../core/evaluator.ts";
import { nearest } from "../../../core/nearest.ts";
import { type BenchmarkEntry, BENCHMARKS } from "../../benchmarks/registry.ts";
import type { BenchmarkOptions } from "../../benchmarks/harness/benchmark.ts";
import { scenesCompositional } from "../../scenes/compositional.ts";
import { scenesPairs } from "../../scenes/pairs_benchmark.ts";
import { scenesRetrieval } from "../../scenes/retrieval.ts";
import { scenesZeroShot } from "../../scenes/zero_shot.ts";
import { findAnnotations } from "./find_annotations.ts";
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
}

/** A benchmark by the name that it was asked for. */
export interface NamedBenchmark {
  /** The name. */
  readonly name: string;
  /** Makes it, once it is its turn: an error about one benchmark stops no other. */
  create(): Promise<Evaluator>;
}

/** The embedded world's, which need no files. */
const scenes = {
  scenes_compositional: scenesCompositional,
  scenes_pairs: scenesPairs,
  scenes_retrieval: scenesRetrieval,
  scenes_zero_shot: scenesZeroShot,
} as const;

/** Items of each category of the embedded world, where no limit is given. */
const SCENES_ITEMS = 500;

/** The names of all benchmarks: the field's, then the embedded world's. */
export const benchmarkNames: readonly string[] = [
  ...Object.keys(BENCHMARKS),
  ...Object.keys(scenes),
];

/**
 * Benchmarks by name; `all` stands for all of the field's. Beside names there are `folder:<path>`
 * (zero-shot classification of a folder of classes), `captions:<table>` (retrieval) and
 * `probe:<path>` (a linear probe), whose results bear the path as their name.
 *
 * Where a folder that is given has a folder of the benchmark's name in it, that one is taken, so that
 * one `--images` and one `--annotations` serve several.
 *
 * @throws {RangeError} if there is no benchmark of a name, or several have annotations of their own
 *   and these are not given as a folder.
 */
export async function chooseBenchmarks(
  names: readonly string[],
  choices: BenchmarkChoices,
): Promise<readonly NamedBenchmark[]> {
  const wanted = [
    ...new Set(names.flatMap((name) => name === "all" ? Object.keys(BENCHMARKS) : [name])),
  ];
  const annotated = wanted.filter((name) =>
    Object.hasOwn(BENCHMARKS, name) && BENCHMARKS[name]!.takes.includes("annotations")
  );
  const annotations = choices.annotations === undefined || annotated.length === 0
    ? undefined
    : await findAnnotations(choices.annotations, annotated);
  return wanted.map((name) => {
    if (Object.hasOwn(scenes, name)) {
      const items = choices.limit ?? SCENES_ITEMS;
      const make = scenes[name as keyof typeof scenes];
      return { name, create: () => Promise.resolve(make({ items, seed: 1 })) };
    }
    const own = ownData(name, { images: choices.images?.[0], limit: choices.limit });
    if (own !== undefined) return { name, create: own };
    if (!Object.hasOwn(BENCHMARKS, name)) throw noSuchBenchmark(name);
    const entry = BENCHMARKS[name]!;
    const given = { ...choices, annotations: annotations?.get(name) };
    return { name, create: async () => entry.create(await optionsFor(name, entry, given)) };
  });
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
  const inside = join(folder, name);
  return await Deno.stat(inside).then((info) => info.isDirectory, () => false) ? inside : folder;
}

function noSuchBenchmark(name: string): RangeError {
  const guess = nearest(name, benchmarkNames);
  return new RangeError(
    `there is no benchmark "${name}"${guess === undefined ? "" : `; did you mean "${guess}"?`}\n` +
      `there are: ${benchmarkNames.join(", ")}; all stands for all but the last ` +
      `${Object.keys(scenes).length}; of one's own data: ${ownDataForms.join(", ")}`,
  );
}
