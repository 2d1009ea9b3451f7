import { z } from "zod";
import { joinAddress } from "../../../core/host/assets/address.ts";
import type { Benchmark, BenchmarkOptions, BenchmarkSource } from "../../../core/benchmark.ts";
import type { Context } from "../../../core/context.ts";
import { selectTrueOrder } from "../../../core/scoring/rules.ts";
import { averageUnder } from "../harness/average_under.ts";
import type { BenchmarkSubset } from "../harness/benchmark_item.ts";
import { defineItemBenchmark, type ItemBenchmarkOptions } from "../harness/item_benchmark.ts";
import { readAnnotationTable } from "../harness/read_annotation_table.ts";

/** What both of NegBench's benchmarks have in common. */
export const NEGBENCH = {
  paper: "https://arxiv.org/abs/2501.09425",
  homepage: "https://github.com/m1k2zoo/negbench",
  // A folder of Google Drive, whose files' own addresses are not told:
  // https://drive.google.com/drive/folders/1kSEq0mkV1t1T8GuOAM65iz_iAA7e5gxB
  annotations: null,
  licence: "MIT",
  gated: false,
} as const;

/** Where NegBench's multiple choice comes from. */
export const NEGBENCH_MCQ_SOURCE: BenchmarkSource = {
  ...NEGBENCH,
  title: "NegBench multiple choice",
  pictures: "COCO's val2017 and PASCAL VOC 2007's test pictures",
  items: 10945,
};

/** The files, and how many questions each has of a type, by the authors' results. */
const FILES = {
  coco_mcq: {
    file: "COCO_val_mcq_llama3.1_rephrased.csv",
    types: { positive: 2032, negative: 1870, hybrid: 2012 },
  },
  voc2007_mcq: {
    file: "VOC2007_mcq_llama3.1_rephrased.csv",
    types: { positive: 682, negative: 2121, hybrid: 2228 },
  },
} as const;

const text = z.string().min(1);
const question = z.object({
  image_path: text,
  caption_0: text,
  caption_1: text,
  caption_2: text,
  caption_3: text,
  correct_answer: z.enum(["0", "1", "2", "3"]),
  correct_answer_template: z.enum(["positive", "negative", "hybrid"]),
});

/**
 * NegBench's multiple choice (Alhamoud et al., 2025): which of four captions fits the picture, of which
 * some say what is not there? The right one names what is there (`positive`), what is not
 * (`negative`), or both (`hybrid`). `negbench/coco_mcq` and `/voc2007_mcq` are over all questions
 * (`acc`, their headline, as the authors report it); chance is 25 %. In `acc` a tie is right, because
 * the authors take the first of the largest and the right caption stands first in their files;
 * `strict_acc` counts ties as wrong.
 *
 * `annotations` is the folder of their CSV files.
 *
 * An item's scores are the cosines of the picture with the right caption and the others.
 *
 * `evaluate` throws as that of {@linkcode sugarCrepe}.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { negbenchMcq } from "@syntagma/syntagma/benchmarks";
 *
 * const benchmark = negbenchMcq({ images: ["val2017", "VOC2007"], annotations: "negbench" });
 * console.assert(benchmark.source.items === 10945);
 * ```
 */
export const negbenchMcq: (options: BenchmarkOptions) => Benchmark = defineItemBenchmark({
  name: "negbenchMcq",
  source: NEGBENCH_MCQ_SOURCE,
  rule: () => selectTrueOrder,
  load,
  combine: (subsets) =>
    Object.keys(FILES).flatMap((name) =>
      averageUnder(`negbench/${name}/`, `negbench/${name}`, "acc", subsets)
    ),
});

async function load(
  context: Context,
  { annotations }: ItemBenchmarkOptions,
): Promise<BenchmarkSubset[]> {
  const subsets: BenchmarkSubset[] = [];
  for (const [name, { file, types }] of Object.entries(FILES)) {
    const { rows } = await readAnnotationTable(context, joinAddress(annotations, file), question);
    const items = rows.map((row, index) => {
      const texts = [row.caption_0, row.caption_1, row.caption_2, row.caption_3];
      const [right] = texts.splice(Number(row.correct_answer), 1);
      return {
        type: row.correct_answer_template,
        id: `${index}`,
        images: [{ file: row.image_path }],
        texts: [right!, ...texts],
      };
    });
    for (const [type, official] of Object.entries(types)) {
      const own = items.filter((item) => item.type === type);
      subsets.push({ dataset: `negbench/${name}/${type}`, official, items: own });
    }
  }
  return subsets;
}
