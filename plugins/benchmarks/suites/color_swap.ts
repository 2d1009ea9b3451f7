import { z } from "zod";
import type { Benchmark, BenchmarkOptions, BenchmarkSource } from "../../../core/benchmark.ts";
import { matchPairs } from "../../../core/scoring/rules.ts";
import { defineItemBenchmark } from "../harness/item_benchmark.ts";
import { readAnnotations } from "../harness/read_annotations.ts";

/** Where ColorSwap comes from. */
export const COLOR_SWAP_SOURCE: BenchmarkSource = {
  title: "ColorSwap",
  paper: "https://arxiv.org/abs/2402.04492",
  homepage: "https://github.com/Top34051/colorswap",
  annotations: null,
  pictures:
    "images.zip of https://huggingface.co/datasets/stanfordnlp/colorswap, whose terms must " +
    "be accepted there, with test.json beside it",
  licence: "MIT",
  gated: true,
  items: 300,
};

const file = z.array(z.object({
  id: z.union([z.int(), z.string()]),
  caption_1: z.string(),
  caption_2: z.string(),
  image_1: z.string(),
  image_2: z.string(),
}));

/**
 * ColorSwap (Burapacheep et al., 2024), its test part: two captions of the same words in which colours
 * have changed places, and a picture of each. `text_acc`, `image_acc` and `acc` (the headline, their
 * group score) as of {@linkcode winoground}; ties are wrong.
 *
 * The data is gated: accept its terms on its page, then give the downloaded `test.json` as
 * `annotations`.
 *
 * An item's scores are the cosines of the first picture with both captions, then of the second.
 *
 * `evaluate` throws as that of {@linkcode sugarCrepe}.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { colorSwap } from "@syntagma/syntagma/benchmarks";
 *
 * const benchmark = colorSwap({ images: "colorswap", annotations: "colorswap/test.json" });
 * console.assert(benchmark.source.gated);
 * ```
 */
export const colorSwap: (options: BenchmarkOptions) => Benchmark = defineItemBenchmark({
  name: "colorSwap",
  source: COLOR_SWAP_SOURCE,
  rule: () => matchPairs,
  load: async (context, { annotations }) => [{
    dataset: "color_swap",
    official: COLOR_SWAP_SOURCE.items!,
    items: (await readAnnotations(context, annotations, file)).map((item) => ({
      id: `${item.id}`,
      images: [{ file: item.image_1 }, { file: item.image_2 }],
      texts: [item.caption_1, item.caption_2],
    })),
  }],
});
