import { z } from "zod";
import type { Benchmark, BenchmarkOptions, BenchmarkSource } from "../../../core/benchmark.ts";
import { matchPairs } from "../../../core/scoring/rules.ts";
import { defineItemBenchmark } from "../harness/item_benchmark.ts";
import { readAnnotationLines } from "../harness/read_annotations.ts";

/** Where COCO-Counterfactuals comes from. */
export const COCO_COUNTERFACTUALS_SOURCE: BenchmarkSource = {
  title: "COCO-Counterfactuals",
  paper: "https://arxiv.org/abs/2309.14356",
  homepage: "https://huggingface.co/datasets/Intel/COCO-Counterfactuals",
  annotations: "hf:datasets/Intel/COCO-Counterfactuals/data/examples.jsonl",
  pictures: "data/images.zip of https://huggingface.co/datasets/Intel/COCO-Counterfactuals",
  licence: "CC-BY-4.0",
  gated: false,
  // Its card does not tell, and it has not been counted here.
  items: null,
};

const line = z.object({
  id: z.union([z.int(), z.string()]),
  image_0: z.string(),
  image_1: z.string(),
  caption_0: z.string(),
  caption_1: z.string(),
});

/**
 * COCO-Counterfactuals (Le et al., 2023): two captions that differ in a noun, and a picture made for
 * each. `text_acc`, `image_acc` and `acc` (the headline) as of {@linkcode winoground}; ties are wrong.
 * The authors report retrieval; the field scores its pairs so.
 *
 * An item's scores are the cosines of picture 0 with both captions, then of picture 1.
 *
 * `evaluate` throws as that of {@linkcode sugarCrepe}.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { cocoCounterfactuals } from "@syntagma/syntagma/benchmarks";
 *
 * console.assert(cocoCounterfactuals({ images: "coco_cf" }).source.licence === "CC-BY-4.0");
 * ```
 */
export const cocoCounterfactuals: (options: BenchmarkOptions) => Benchmark = defineItemBenchmark({
  name: "cocoCounterfactuals",
  source: COCO_COUNTERFACTUALS_SOURCE,
  rule: () => matchPairs,
  load: async (context, { annotations }) => [{
    dataset: "coco_counterfactuals",
    official: null,
    items: (await readAnnotationLines(context, annotations, line)).map((item) => ({
      id: `${item.id}`,
      // Named without an ending; all are JPEG files.
      images: [item.image_0, item.image_1].map((name) => ({
        file: /\.\w+$/.test(name) ? name : `${name}.jpg`,
      })),
      texts: [item.caption_0, item.caption_1],
    })),
  }],
});
