import { z } from "zod";
import { joinAddress } from "../../../core/host/assets/address.ts";
import { averageParts } from "../../../core/scoring/summarize.ts";
import type { Context } from "../../../core/context.ts";
import type { Evaluation } from "../../../core/evaluator.ts";
import type { Benchmark, BenchmarkOptions, BenchmarkSource } from "../../../core/benchmark.ts";
import { averageUnder } from "../harness/average_under.ts";
import type { BenchmarkSubset } from "../harness/benchmark_item.ts";
import { defineItemBenchmark, type ItemBenchmarkOptions } from "../harness/item_benchmark.ts";
import { readAnnotations } from "../harness/read_annotations.ts";
import { selectTrueText } from "../../../core/scoring/rules.ts";

/** Where SugarCrepe comes from. */
export const SUGAR_CREPE_SOURCE: BenchmarkSource = {
  title: "SugarCrepe",
  paper: "https://arxiv.org/abs/2306.14610",
  homepage: "https://github.com/RAIVNLab/sugar-crepe",
  annotations: "https://raw.githubusercontent.com/RAIVNLab/sugar-crepe/main/data",
  pictures: "COCO's val2017, http://images.cocodataset.org/zips/val2017.zip",
  licence: "MIT",
  gated: false,
  items: 7511,
};

/** SugarCrepe's subsets and how many items each has. */
const SUBSETS = {
  add_att: 692,
  add_obj: 2062,
  replace_att: 788,
  replace_obj: 1652,
  replace_rel: 1406,
  swap_att: 666,
  swap_obj: 245,
} as const;

const file = z.record(
  z.string(),
  z.object({ filename: z.string(), caption: z.string(), negative_caption: z.string() }),
);

/**
 * SugarCrepe (Hsieh et al., 2023): is the picture nearer to the caption than to its hard negative?
 * A tie is wrong, as in its authors' code. `acc` of each of the seven subsets; `sugar_crepe/add`,
 * `/replace` and `/swap` average theirs, and `sugar_crepe` all seven: `macro_acc`, its headline, is
 * the unweighted mean, `acc` the mean weighted by items, and `kind_acc` the mean of the three kinds,
 * each weighted by items (as vl_compo has it, and so FSC-CLIP's tables).
 *
 * An item's scores are the cosines of the picture with the caption and with the negative.
 *
 * `evaluate` throws a {@linkcode MissingPicturesError} that has the names of all pictures that are
 * missing, a `SyntaxError` for a broken annotation file, and a `RangeError` if the files hold other
 * than the authors' items.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { sugarCrepe } from "@syntagma/syntagma/benchmarks";
 *
 * const benchmark = sugarCrepe({ images: "val2017", limit: 100 });
 * console.assert(benchmark.source.items === 7511);
 * ```
 */
export const sugarCrepe: (options: BenchmarkOptions) => Benchmark = defineItemBenchmark({
  name: "sugarCrepe",
  source: SUGAR_CREPE_SOURCE,
  rule: () => selectTrueText,
  load,
  combine,
});

function load(
  context: Context,
  { annotations }: ItemBenchmarkOptions,
): Promise<BenchmarkSubset[]> {
  return Array.fromAsync(
    Object.entries(SUBSETS),
    async ([subset, official]) => {
      const items = await readAnnotations(
        context,
        joinAddress(annotations, `${subset}.json`),
        file,
      );
      return {
        dataset: `sugar_crepe/${subset}`,
        official,
        items: Object.entries(items).map(([id, { filename, caption, negative_caption }]) => ({
          id,
          images: [{ file: filename }],
          texts: [caption, negative_caption],
        })),
      };
    },
  );
}

function combine(subsets: readonly Evaluation[]): Evaluation[] {
  const kinds = ["add", "replace", "swap"].flatMap((kind) =>
    averageUnder(`sugar_crepe/${kind}_`, `sugar_crepe/${kind}`, "macro_acc", subsets)
  );
  const all = averageParts("sugar_crepe", "macro_acc", subsets);
  const kind_acc = kinds.reduce((sum, { metrics }) => sum + metrics["acc"]!, 0) / kinds.length;
  return [...kinds, { ...all, metrics: { ...all.metrics, kind_acc } }];
}
