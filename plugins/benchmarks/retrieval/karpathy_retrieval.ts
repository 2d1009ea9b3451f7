import type { Benchmark, BenchmarkOptions, BenchmarkSource } from "../../../core/benchmark.ts";
import { defineRetrieval } from "./define_retrieval.ts";
import { readKarpathyTest } from "./karpathy.ts";
import { COCO_TEST, FLICKR30K_TEST } from "./karpathy_sources.ts";

/** Where retrieval on COCO's Karpathy test split comes from. */
export const COCO_RETRIEVAL_SOURCE: BenchmarkSource = {
  ...COCO_TEST,
  title: "COCO retrieval",
  items: 5000,
};

/** Where retrieval on Flickr30k's Karpathy test split comes from. */
export const FLICKR30K_RETRIEVAL_SOURCE: BenchmarkSource = {
  ...FLICKR30K_TEST,
  title: "Flickr30k retrieval",
  items: 1000,
};

/**
 * Retrieval both ways on COCO's Karpathy test split (5,000 pictures): the shares of captions whose
 * picture is among the 1, 5 or 10 nearest (`image_retrieval_recall@k`; `@1` is the headline), and of
 * pictures with an own caption among the nearest (`text_retrieval_recall@k`). Ties count against
 * the model; the field's code leaves them to its sorting routine.
 *
 * Item scores come for each caption, then for each picture: the cosines with the nearest right
 * answer and with the nearest wrong one.
 *
 * `evaluate` throws as that of {@linkcode sugarCrepe}.
 *
 * @param options.captions Use only so many captions of each picture, the first ones. Default `null`:
 *   all, as most code does; of COCO's pictures ten have more than five.
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { cocoRetrieval } from "@syntagma/syntagma/benchmarks";
 *
 * console.assert(cocoRetrieval({ images: "coco", captions: 5 }).source.items === 5000);
 * ```
 */
export const cocoRetrieval: (
  options: BenchmarkOptions & { readonly captions?: number | null },
) => Benchmark = karpathy(
  "cocoRetrieval",
  "mscoco_captions",
  COCO_RETRIEVAL_SOURCE,
);

/**
 * Retrieval both ways on Flickr30k's Karpathy test split (1,000 pictures), scored as
 * {@linkcode cocoRetrieval}.
 *
 * @param options.captions As of {@linkcode cocoRetrieval}.
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { flickr30kRetrieval } from "@syntagma/syntagma/benchmarks";
 *
 * console.assert(flickr30kRetrieval({ images: "flickr30k" }).source.gated);
 * ```
 */
export const flickr30kRetrieval: (
  options: BenchmarkOptions & { readonly captions?: number | null },
) => Benchmark = karpathy(
  "flickr30kRetrieval",
  "flickr30k",
  FLICKR30K_RETRIEVAL_SOURCE,
);

function karpathy(
  name: string,
  dataset: string,
  source: BenchmarkSource,
): typeof cocoRetrieval {
  return defineRetrieval({
    name,
    source,
    load: async (context, { annotations }) => [{
      dataset,
      official: source.items!,
      pictures: await readKarpathyTest(context, annotations),
    }],
  });
}
