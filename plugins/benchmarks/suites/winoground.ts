import { z } from "zod";
import { defineItemBenchmark } from "../harness/item_benchmark.ts";
import type { Benchmark, BenchmarkOptions, BenchmarkSource } from "../../../core/benchmark.ts";
import { readAnnotationLines } from "../harness/read_annotations.ts";
import { matchPairs } from "../../../core/scoring/rules.ts";

/** Where Winoground comes from. */
export const WINOGROUND_SOURCE: BenchmarkSource = {
  title: "Winoground",
  paper: "https://arxiv.org/abs/2204.03162",
  homepage: "https://huggingface.co/datasets/facebook/winoground",
  annotations: "hf:datasets/facebook/winoground/data/examples.jsonl",
  pictures: "images.zip of https://huggingface.co/datasets/facebook/winoground, whose terms must " +
    "be accepted there",
  licence: "Winoground's own terms (research, no redistribution)",
  gated: true,
  items: 400,
};

const line = z.object({
  id: z.union([z.int(), z.string()]),
  image_0: z.string(),
  image_1: z.string(),
  caption_0: z.string(),
  caption_1: z.string(),
  collapsed_tag: z.string().optional(),
});

/**
 * Winoground (Thrush et al., 2022): two pictures and two captions of the same words; `text_acc`
 * asks that each picture is nearer to its own caption, `image_acc` that each caption is nearer to
 * its own picture, `acc` (the headline) both. Ties are wrong, as in the authors' code. Chance
 * is 25, 25 and 16.67 %. `macro_…` is the mean over their tags (Object, Relation, Both).
 *
 * The data is gated: accept its terms on its page, then give a token (`HF_TOKEN`) or the downloaded
 * `examples.jsonl`, and the folder of its pictures (`ex_0_img_0.png` …).
 *
 * An item's scores are the cosines of picture 0 with caption 0 and 1, then of picture 1 with
 * caption 0 and 1; its group is the tag.
 *
 * `evaluate` throws as that of {@linkcode sugarCrepe}.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { winoground } from "@syntagma/syntagma/benchmarks";
 *
 * console.assert(winoground({ images: "winoground/images" }).source.gated);
 * ```
 */
export const winoground: (options: BenchmarkOptions) => Benchmark = defineItemBenchmark({
  name: "winoground",
  source: WINOGROUND_SOURCE,
  rule: () => matchPairs,
  load: async (context, { annotations }) => {
    const items = await readAnnotationLines(context, annotations, line);
    return [{
      dataset: "winoground",
      official: WINOGROUND_SOURCE.items!,
      items: items.map((item) => ({
        id: `${item.id}`,
        images: [item.image_0, item.image_1].map((name) => ({ file: pictureFile(name) })),
        texts: [item.caption_0, item.caption_1],
        group: item.collapsed_tag,
      })),
    }];
  },
});

/** The annotations name pictures without an ending; all are PNG files. */
function pictureFile(name: string): string {
  return /\.\w+$/.test(name) ? name : `${name}.png`;
}
