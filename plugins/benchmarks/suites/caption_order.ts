import { z } from "zod";
import type { Context } from "../../../core/context.ts";
import { createRandom } from "../../../core/random.ts";
import { winkTagger } from "../../language/wink_tagger.ts";
import type { Benchmark, BenchmarkOptions, BenchmarkSource } from "../../../core/benchmark.ts";
import type { BenchmarkSubset } from "../harness/benchmark_item.ts";
import { defineItemBenchmark, itemBenchmarkShape } from "../harness/item_benchmark.ts";
import { readKarpathyTest } from "../retrieval/karpathy.ts";
import { COCO_TEST, FLICKR30K_TEST } from "../retrieval/karpathy_sources.ts";
import { normalizeCaption, orderPerturbations } from "./order_perturbations.ts";
import { selectTrueOrder } from "../../../core/scoring/rules.ts";

const paper = "https://arxiv.org/abs/2210.01936";

/** Where ARO's COCO-Order comes from. */
export const COCO_ORDER_SOURCE: BenchmarkSource = {
  ...COCO_TEST,
  title: "ARO COCO-Order",
  paper,
  items: 25010,
};

/** Where ARO's Flickr30k-Order comes from. */
export const FLICKR30K_ORDER_SOURCE: BenchmarkSource = {
  ...FLICKR30K_TEST,
  title: "ARO Flickr30k-Order",
  paper,
  items: 5000,
};

/** ARO's authors cut captions at so many words. */
const MOST_WORDS = 30;

/**
 * ARO's COCO-Order (Yuksekgonul et al., 2023): is the picture nearer to its caption than to four
 * shuffles of it (of nouns and adjectives, of the rest, within threes, of threes), for every caption
 * of COCO's Karpathy test split? `acc`, the headline, is the authors' precision at 1, in which a tie
 * is right, because they take the first of the largest and the caption stands first; `strict_acc`
 * counts ties as wrong.
 *
 * The authors draw the shuffles anew in every run, by spaCy's tags; here they depend on the seed and
 * the caption's place alone, by winkNLP's tags: figures are comparable with theirs, not equal.
 *
 * An item's scores are the cosines of the picture with the caption and the four shuffles.
 *
 * `evaluate` throws as that of {@linkcode sugarCrepe}.
 *
 * @param options.seed The seed of the shuffles. Default 0: compare models on the same one.
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { cocoOrder } from "@syntagma/syntagma/benchmarks";
 *
 * console.assert(cocoOrder({ images: "coco" }).options.seed === 0);
 * ```
 */
export const cocoOrder: (options: BenchmarkOptions & { readonly seed?: number }) => Benchmark =
  defineOrder(
    "cocoOrder",
    "coco_order",
    COCO_ORDER_SOURCE,
  );

/**
 * ARO's Flickr30k-Order: as {@linkcode cocoOrder}, of Flickr30k's Karpathy test split.
 *
 * @param options.seed The seed of the shuffles. Default 0: compare models on the same one.
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { flickr30kOrder } from "@syntagma/syntagma/benchmarks";
 *
 * console.assert(flickr30kOrder({ images: "flickr30k" }).source.items === 5000);
 * ```
 */
export const flickr30kOrder: (options: BenchmarkOptions & { readonly seed?: number }) => Benchmark =
  defineOrder(
    "flickr30kOrder",
    "flickr30k_order",
    FLICKR30K_ORDER_SOURCE,
  );

function defineOrder(
  name: string,
  dataset: string,
  source: BenchmarkSource,
): typeof cocoOrder {
  return defineItemBenchmark({
    name,
    source,
    schema: z.strictObject({ ...itemBenchmarkShape(source), seed: z.int().default(0) }),
    task: "image_caption_selection",
    headline: () => "acc",
    rule: () => selectTrueOrder,
    load: async (context, { annotations, seed, limit }) => [
      await readOrder(context, annotations, { dataset, official: source.items!, seed, limit }),
    ],
  });
}

async function readOrder(
  context: Context,
  address: string,
  { dataset, official, seed, limit }: {
    dataset: string;
    official: number;
    seed: number;
    limit: number | null;
  },
): Promise<BenchmarkSubset> {
  const tagger = winkTagger({ cache: 0 });
  const pairs = (await readKarpathyTest(context, address)).flatMap(({ file, captions }, picture) =>
    captions.map((caption, place) => ({ file, caption, picture, place }))
  );
  const items = pairs.map(({ file, caption, picture, place }, index) => {
    const random = createRandom(seed, dataset, picture, place);
    // Those past the limit are not scored, and shuffling them all takes seconds.
    const shuffles = index >= (limit ?? Infinity)
      ? []
      : orderPerturbations(caption, tagger, random);
    return {
      id: `${picture}/${place}`,
      images: [{ file }],
      texts: [caption, ...shuffles].map((text) => normalizeCaption(text, MOST_WORDS)),
    };
  });
  return { dataset, official, items };
}
