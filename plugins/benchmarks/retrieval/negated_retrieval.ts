import { z } from "zod";
import { joinAddress } from "../../../core/host/assets/address.ts";
import type { Benchmark, BenchmarkOptions, BenchmarkSource } from "../../../core/benchmark.ts";
import type { Evaluation } from "../../../core/evaluator.ts";
import { pythonTexts } from "../harness/python_texts.ts";
import { readAnnotationTable } from "../harness/read_annotation_table.ts";
import { NEGBENCH } from "../suites/negbench.ts";
import { defineRetrieval } from "./define_retrieval.ts";

/** Where NegBench's retrieval comes from. */
export const NEGBENCH_RETRIEVAL_SOURCE: BenchmarkSource = {
  ...NEGBENCH,
  title: "NegBench retrieval",
  pictures: "COCO's val2017, http://images.cocodataset.org/zips/val2017.zip",
  // The authors do not tell.
  items: null,
};

/** The files: captions as they are, and the same that also say what is not in the picture. */
const FILES = {
  coco_retrieval: "COCO_val_retrieval.csv",
  coco_negated_retrieval: "COCO_val_negated_retrieval_llama3.1_rephrased_affneg_true.csv",
} as const;

const METRIC = "image_retrieval_recall@5";

const row = z.object({
  filepath: z.string().min(1),
  captions: pythonTexts,
});

/**
 * NegBench's retrieval (Alhamoud et al., 2025) on COCO's val2017, with captions as they are
 * (`negbench/coco_retrieval`) and with captions that also say what is not in the picture
 * (`negbench/coco_negated_retrieval`): recalls as of {@linkcode cocoRetrieval}, the headline
 * `image_retrieval_recall@5`. Beside the negated one stands by how much that recall is less,
 * `image_retrieval_recall@5_drop`.
 *
 * `annotations` is the folder of their CSV files.
 *
 * `evaluate` throws as that of {@linkcode sugarCrepe}.
 *
 * @param options.captions As of {@linkcode cocoRetrieval}.
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { negbenchRetrieval } from "@syntagma/syntagma/benchmarks";
 *
 * const benchmark = negbenchRetrieval({ images: "val2017", annotations: "negbench" });
 * console.assert(benchmark.source.title === "NegBench retrieval");
 * ```
 */
export const negbenchRetrieval: (
  options: BenchmarkOptions & { readonly captions?: number | null },
) => Benchmark = defineRetrieval({
  name: "negbenchRetrieval",
  source: NEGBENCH_RETRIEVAL_SOURCE,
  headline: METRIC,
  load: (context, { annotations }) =>
    Promise.all(
      Object.entries(FILES).map(async ([name, file]) => {
        const { rows } = await readAnnotationTable(context, joinAddress(annotations, file), row);
        return {
          dataset: `negbench/${name}`,
          official: null,
          pictures: rows.map(({ filepath, captions }) => ({ file: filepath, captions })),
        };
      }),
    ),
  finish: ([plain, negated]): Evaluation[] => {
    const drop = plain!.metrics[METRIC]! - negated!.metrics[METRIC]!;
    return [plain!, { ...negated!, metrics: { ...negated!.metrics, [`${METRIC}_drop`]: drop } }];
  },
});
