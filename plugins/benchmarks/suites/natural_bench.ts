import { z } from "zod";
import type { Benchmark, BenchmarkOptions, BenchmarkSource } from "../../../core/benchmark.ts";
import { matchPairs } from "../../../core/scoring/rules.ts";
import { defineItemBenchmark } from "../harness/item_benchmark.ts";
import { readAnnotations } from "../harness/read_annotations.ts";

/** Where NaturalBench's retrieval part comes from. */
export const NATURAL_BENCH_SOURCE: BenchmarkSource = {
  title: "NaturalBench-Retrieval",
  paper: "https://arxiv.org/abs/2410.14669",
  homepage: "https://github.com/Baiqi-Li/NaturalBench",
  // In the archive with the pictures.
  annotations: null,
  pictures: "images of the unpacked NaturalBench-Retrieval.zip of " +
    "https://huggingface.co/datasets/BaiqiL/NaturalBench, which holds metadata.json too",
  licence: "Apache-2.0 (its card)",
  gated: false,
  items: 1200,
};

const file = z.array(z.object({
  index: z.int(),
  image_0: z.string(),
  image_1: z.string(),
  caption_0: z.string(),
  caption_1: z.string(),
}));

/**
 * NaturalBench-Retrieval (Li et al., 2024): two natural pictures with a caption each that models
 * confuse. `text_acc`, `image_acc` and `acc` (the headline, their group score) as of
 * {@linkcode winoground}; ties are wrong, as in the authors' code.
 *
 * `annotations` is the file `metadata.json` of their archive.
 *
 * An item's scores are the cosines of picture 0 with both captions, then of picture 1.
 *
 * `evaluate` throws as that of {@linkcode sugarCrepe}.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { naturalBench } from "@syntagma/syntagma/benchmarks";
 *
 * const folder = "NaturalBench-Retrieval";
 * const options = { images: `${folder}/images`, annotations: `${folder}/metadata.json` };
 * console.assert(naturalBench(options).source.items === 1200);
 * ```
 */
export const naturalBench: (options: BenchmarkOptions) => Benchmark = defineItemBenchmark({
  name: "naturalBench",
  source: NATURAL_BENCH_SOURCE,
  rule: () => matchPairs,
  load: async (context, { annotations }) => [{
    dataset: "natural_bench",
    official: NATURAL_BENCH_SOURCE.items!,
    items: (await readAnnotations(context, annotations, file)).map((item) => ({
      id: `${item.index}`,
      images: [{ file: item.image_0 }, { file: item.image_1 }],
      texts: [item.caption_0, item.caption_1],
    })),
  }],
});
