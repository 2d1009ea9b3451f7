import type { BenchmarkEntry, BenchmarkSource } from "../../core/benchmark.ts";
import type { Evaluator } from "../../core/evaluator.ts";
import { scenesCompositional } from "./compositional.ts";
import { scenesChoices, scenesMatches } from "./items_benchmark.ts";
import { scenesPairs } from "./pairs_benchmark.ts";
import { scenesRetrieval } from "./retrieval.ts";
import { scenesZeroShot } from "./zero_shot.ts";

/** Items of each category, where no limit is given. */
const ITEMS = 500;

/** The embedded world's benchmarks by name; they need no files, and `all` does not mean them. */
export const SCENES_BENCHMARKS: Readonly<Record<string, BenchmarkEntry>> = {
  scenes_choices: drawn("Scenes: counting, negation, position, relation", scenesChoices),
  scenes_compositional: drawn("Scenes: SugarCrepe's categories", scenesCompositional),
  scenes_matches: drawn("Scenes: two pictures, two captions", scenesMatches),
  scenes_pairs: drawn("Scenes: words swapped between two scenes", scenesPairs),
  scenes_retrieval: drawn("Scenes: retrieval", scenesRetrieval),
  scenes_zero_shot: drawn("Scenes: zero-shot classification", scenesZeroShot),
};

function drawn(
  title: string,
  make: (options: { readonly items: number; readonly seed: number }) => Evaluator,
): BenchmarkEntry {
  const source: BenchmarkSource = {
    title,
    paper: null,
    homepage: null,
    annotations: null,
    pictures: "none: they are drawn",
    licence: "MIT",
    gated: false,
    items: null,
  };
  return {
    source,
    takes: ["limit"],
    inAll: false,
    create: ({ limit }) => make({ items: limit ?? ITEMS, seed: 1 }),
  };
}
