import { z } from "zod";
import { defineItemBenchmark } from "../harness/item_benchmark.ts";
import type { Benchmark, BenchmarkOptions, BenchmarkSource } from "../../../core/benchmark.ts";
import { readAnnotations } from "../harness/read_annotations.ts";
import { matchPictures } from "../../../core/scoring/rules.ts";

/** Where COLA's multi-object setting comes from. */
export const COLA_SOURCE: BenchmarkSource = {
  title: "COLA multi-object",
  paper: "https://arxiv.org/abs/2305.03689",
  homepage: "https://github.com/arijitray1993/COLA",
  annotations: "https://raw.githubusercontent.com/arijitray1993/COLA/main/data/" +
    "COLA_multiobjects_matching_benchmark.json",
  pictures: "those that its annotations link to, https://cs-people.bu.edu/array/data/vg_gqa_images",
  licence: "MIT",
  gated: false,
  items: 210,
};

const file = z.array(z.tuple([z.string(), z.string(), z.string(), z.string()]));

/**
 * COLA's multi-object setting (Ray et al., 2023): two pictures and two captions whose attributes
 * are exchanged; `acc` counts items in which each caption is nearer to its own picture than to the
 * other (chance 25 %). Ties are wrong, as in the authors' code.
 *
 * An item's scores are the cosines of the first picture with both captions, then of the second.
 *
 * `evaluate` throws as that of {@linkcode sugarCrepe}.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { cola } from "@syntagma/syntagma/benchmarks";
 *
 * console.assert(cola({ images: "vg_gqa_images" }).source.items === 210);
 * ```
 */
export const cola: (options: BenchmarkOptions) => Benchmark = defineItemBenchmark({
  name: "cola",
  source: COLA_SOURCE,
  rule: () => matchPictures,
  load: async (context, { annotations }) => [{
    dataset: "cola/multi_object",
    official: COLA_SOURCE.items!,
    items: (await readAnnotations(context, annotations, file)).map(
      ([image1, caption1, image2, caption2], index) => ({
        id: `${index}`,
        images: [image1, image2].map((url) => ({ file: url.slice(url.lastIndexOf("/") + 1) })),
        texts: [caption1, caption2],
      }),
    ),
  }],
});
