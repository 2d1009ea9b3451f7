import { join } from "node:path";
import { z } from "zod";
import { localPath } from "../../../core/host/assets/address.ts";
import type { Benchmark, BenchmarkOptions, BenchmarkSource } from "../../../core/benchmark.ts";
import type { Context } from "../../../core/context.ts";
import type { Evaluation } from "../../../core/evaluator.ts";
import { averageParts } from "../../../core/scoring/summarize.ts";
import { selectTrueOrder } from "../../../core/scoring/rules.ts";
import { averageUnder } from "../harness/average_under.ts";
import type { BenchmarkSubset } from "../harness/benchmark_item.ts";
import { defineItemBenchmark, type ItemBenchmarkOptions } from "../harness/item_benchmark.ts";
import { readAnnotations } from "../harness/read_annotations.ts";
import { CONDITIONS, type HalfTruth, halfTruthsOf, unitsSchema } from "./half_truth_texts.ts";

/** Where half-truths come from. */
export const HALF_TRUTHS_SOURCE: BenchmarkSource = {
  title: "Half-truths",
  paper: "https://arxiv.org/abs/2602.23906",
  homepage: "https://github.com/kargibora/CS-CLIP",
  // Units of captions, which its page links to on Google Drive:
  // https://drive.google.com/file/d/1DpthIA-5zT_m1GKfqvHUWWH_z2XyEOMP
  annotations: null,
  pictures: "COCO's, by the paths in its units",
  licence: "none stated",
  gated: false,
  items: null,
};

/** The authors' setting: so many pictures for entities and as many for relations, the first ones. */
const MOST = 5000;

const units = z.array(unitsSchema);

/**
 * Half-truths (Kargi et al., 2026): does a caption that is short and true fit better than the same one
 * with a wrong detail? The texts are made of the authors' units (entities and relations of a caption,
 * with foils) as the code of their first release makes them: of each picture the first entity with
 * another one's foil ("two children and grass"), and the first relation beside its subject alone
 * ("child" against "child is dropping umbrella"). In `acc` a tie is right, as in their code, which
 * counts how often the longer text is nearer; `strict_acc` counts ties as wrong. Chance is 50 %.
 *
 * `half_truths/entity_…` and `/relation_…` are one kind of foil each, `half_truths/entity` and
 * `/relation` their means and `half_truths` the mean of all kinds (`macro_acc`, its headline). The
 * authors do not tell how their 40.6 % (relations 32.9 %) of CLIP's ViT-B/32 weighs the kinds; theirs
 * with entities of other pictures, drawn at random, is not here.
 *
 * `annotations` is a JSON file of units, or a folder of such files.
 *
 * An item's scores are the cosines of the picture with the short text and the long one.
 *
 * `evaluate` throws as that of {@linkcode sugarCrepe}.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { halfTruths } from "@syntagma/syntagma/benchmarks";
 *
 * const benchmark = halfTruths({ images: "coco/val2014", annotations: "units.json" });
 * console.assert(benchmark.source.licence === "none stated");
 * ```
 */
export const halfTruths: (options: BenchmarkOptions) => Benchmark = defineItemBenchmark({
  name: "halfTruths",
  source: HALF_TRUTHS_SOURCE,
  rule: () => selectTrueOrder,
  load,
  combine,
});

async function load(
  context: Context,
  { annotations }: ItemBenchmarkOptions,
): Promise<BenchmarkSubset[]> {
  const files = await filesIn(annotations);
  const samples = (await Promise.all(
    files.map((file) => readAnnotations(context, file, units)),
  )).flat();
  const found: Record<"entity" | "relation", HalfTruth[][]> = { entity: [], relation: [] };
  for (const kind of ["entity", "relation"] as const) {
    const used = new Set<string>();
    for (const sample of samples) {
      if (found[kind].length === MOST) break;
      // One of a picture: an id is that of the picture, then the caption's number.
      const picture = sample.sample_id.replace(/_[^_]*$/, "");
      if (used.has(picture)) continue;
      const made = halfTruthsOf(sample, kind);
      if (made === undefined) continue;
      used.add(picture);
      found[kind].push(made);
    }
  }
  const all = [...found.entity, ...found.relation].flat();
  return CONDITIONS.map((condition) => ({
    dataset: `half_truths/${condition}`,
    official: null,
    items: all.filter((each) => each.condition === condition)
      .map(({ id, file, short, long }) => ({ id, images: [{ file }], texts: [short, long] })),
  })).filter(({ items }) => items.length > 0);
}

async function filesIn(address: string): Promise<readonly string[]> {
  const folder = localPath(address);
  const entries = folder === undefined
    ? []
    : await Array.fromAsync(Deno.readDir(folder)).catch(() => []);
  const names = entries.map(({ name }) => name).filter((name) => name.endsWith(".json"));
  return names.length === 0 ? [address] : names.toSorted().map((name) => join(folder!, name));
}

function combine(subsets: readonly Evaluation[]): Evaluation[] {
  const kinds = ["entity", "relation"].flatMap((kind) =>
    averageUnder(`half_truths/${kind}_`, `half_truths/${kind}`, "macro_acc", subsets)
  );
  return [...kinds, averageParts("half_truths", "macro_acc", subsets)];
}
