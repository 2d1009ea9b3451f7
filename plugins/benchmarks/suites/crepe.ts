import { z } from "zod";
import { joinAddress } from "../../../core/host/assets/address.ts";
import type { Benchmark, BenchmarkOptions, BenchmarkSource } from "../../../core/benchmark.ts";
import type { Context } from "../../../core/context.ts";
import type { Evaluation } from "../../../core/evaluator.ts";
import { averageParts } from "../../../core/scoring/summarize.ts";
import { selectTrueText } from "../../../core/scoring/rules.ts";
import { averageUnder } from "../harness/average_under.ts";
import type { BenchmarkItem, BenchmarkSubset } from "../harness/benchmark_item.ts";
import { defineItemBenchmark, type ItemBenchmarkOptions } from "../harness/item_benchmark.ts";
import { pillowBox } from "../harness/pillow_box.ts";
import { pythonTexts } from "../harness/python_texts.ts";
import { readAnnotationTable } from "../harness/read_annotation_table.ts";
import { splitByKind } from "../harness/split_by_kind.ts";

/**
 * How many items each kind of negatives has in all. The authors tell "17K"; these are the numbers that
 * the published scores of 202 models are shares of
 * (https://github.com/ytaek-oh/vl_compo, individual_results.csv).
 */
const KINDS = { atom: 17698, swap: 7405, negate: 17303 } as const;

/** Where CREPE's productivity comes from. */
export const CREPE_SOURCE: BenchmarkSource = {
  title: "CREPE productivity",
  paper: "https://arxiv.org/abs/2212.07796",
  homepage: "https://github.com/RAIVNLab/CREPE",
  // An archive: data/prod_hard_negatives.zip of its repository.
  annotations: null,
  pictures: "Visual Genome's VG_100K and VG_100K_2",
  licence: "none stated",
  gated: false,
  items: 42406,
};

/** How many words' worth of a scene a caption tells: its atoms. */
const COMPLEXITIES = Array.from({ length: 9 }, (_, i) => i + 4);

const number = z.string().regex(/^-?\d+(\.\d+)?$/, { error: "expected a number" })
  .transform(Number);
const row = z.object({
  image_id: z.string().regex(/^\d+$/, { error: "expected the number of a picture" }),
  x: number,
  y: number,
  width: number,
  height: number,
  caption: z.string().min(1),
  hard_negs: pythonTexts,
});

/**
 * CREPE's productivity (Ma et al., 2023): is a part of a picture nearer to its caption of 4 to 12 atoms
 * than to hard negatives, of which an atom is another one, two atoms have changed places, or one is
 * negated? `acc` is the authors' recall at 1. A tie is wrong; the authors leave it to the sorting
 * routine. `crepe/atom`, `/swap` and `/negate` average their complexities (`acc` over all items, as the
 * field's tables have it; `macro_acc` unweighted), and `crepe` the three: `macro_acc` is its headline.
 *
 * Of its systematicity the authors say that it is for models trained on CC-12M, YFCC-15M or LAION-400M
 * alone: it is not here.
 *
 * `annotations` is the unpacked folder `prod_hard_negatives`.
 *
 * An item's scores are the cosines of the part of the picture with the caption and the negatives.
 *
 * `evaluate` throws as that of {@linkcode sugarCrepe}.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { crepe } from "@syntagma/syntagma/benchmarks";
 *
 * const folders = { images: ["VG_100K", "VG_100K_2"], annotations: "prod_hard_negatives" };
 * console.assert(crepe(folders).source.title === "CREPE productivity");
 * ```
 */
export const crepe: (options: BenchmarkOptions) => Benchmark = defineItemBenchmark({
  name: "crepe",
  source: CREPE_SOURCE,
  rule: () => selectTrueText,
  load,
  combine,
});

async function load(
  context: Context,
  { annotations, partial }: ItemBenchmarkOptions,
): Promise<BenchmarkSubset[]> {
  const subsets: BenchmarkSubset[] = [];
  for (const [kind, official] of Object.entries(KINDS)) {
    const items: { readonly dataset: string; readonly item: BenchmarkItem }[] = [];
    for (const complexity of COMPLEXITIES) {
      const file = `${kind}/prod_vg_hard_negs_${kind}_complexity_${complexity}.csv`;
      const { rows } = await readAnnotationTable(context, joinAddress(annotations, file), row);
      for (const [index, { image_id, x, y, width, height, caption, hard_negs }] of rows.entries()) {
        items.push({
          dataset: `crepe/${kind}/${complexity}`,
          item: {
            id: `${index}`,
            images: [{ file: `${image_id}.jpg`, box: pillowBox(x, y, width, height) }],
            texts: [caption, ...hard_negs],
          },
        });
      }
    }
    subsets.push(...splitByKind(items, { name: `crepe/${kind}`, official, partial }));
  }
  return subsets;
}

function combine(subsets: readonly Evaluation[]): Evaluation[] {
  const kinds = Object.keys(KINDS).flatMap((kind) =>
    averageUnder(`crepe/${kind}/`, `crepe/${kind}`, "acc", subsets)
  );
  return [...kinds, averageParts("crepe", "macro_acc", kinds)];
}
