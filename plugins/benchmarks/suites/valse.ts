import { z } from "zod";
import { joinAddress } from "../../../core/host/assets/address.ts";
import { averageParts } from "../../../core/scoring/summarize.ts";
import type { Context } from "../../../core/context.ts";
import type { Evaluation } from "../../../core/evaluator.ts";
import type { Benchmark, BenchmarkOptions, BenchmarkSource } from "../../../core/benchmark.ts";
import type { BenchmarkSubset } from "../harness/benchmark_item.ts";
import { defineItemBenchmark, type ItemBenchmarkOptions } from "../harness/item_benchmark.ts";
import { readAnnotations } from "../harness/read_annotations.ts";
import { selectTrueText } from "../../../core/scoring/rules.ts";

/** Where VALSE comes from. */
export const VALSE_SOURCE: BenchmarkSource = {
  title: "VALSE",
  paper: "https://arxiv.org/abs/2112.07566",
  homepage: "https://github.com/Heidelberg-NLP/VALSE",
  annotations: "https://raw.githubusercontent.com/Heidelberg-NLP/VALSE/main/data",
  pictures: "those of Visual7W (v7w_*.jpg), COCO's train2014, val2014 and val2017, SWiG " +
    "(images_512) and VisDial's val2018, in one folder or several",
  licence: "MIT",
  gated: false,
  items: 7702,
};

/** VALSE's phenomena, the files of each, and how many items of each are valid. */
const PHENOMENA = {
  existence: { existence: 505 },
  plurality: { plurals: 851 },
  counting: { "counting-hard": 868, "counting-small-quant": 900, "counting-adversarial": 691 },
  relations: { relations: 535 },
  actions: { "action-replacement": 648, "actant-swap": 949 },
  coreference: { "coreference-standard": 708, "coreference-hard": 104 },
  "foil-it": { "foil-it": 943 },
} as const;

/** An item is valid if so many of three annotators chose the caption and not the foil. */
const LEAST_VOTES = 2;

const file = z.record(
  z.string(),
  z.object({
    image_file: z.string(),
    caption: z.string(),
    foil: z.string(),
    mturk: z.object({ caption: z.int() }),
  }),
);

/**
 * VALSE (Parcalabescu et al., 2022): is the picture nearer to the caption than to its foil, in the
 * items that at least two of three annotators found valid? `acc` is the authors' pairwise ranking
 * accuracy; a tie is wrong, as in their code. `valse/counting`, `/actions` and `/coreference`
 * average their files; `valse` averages all eleven (`macro_acc`, its headline), and
 * `valse_phenomena` the seven phenomena.
 *
 * An item's scores are the cosines of the picture with the caption and with the foil.
 *
 * `evaluate` throws as that of {@linkcode sugarCrepe}.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { valse } from "@syntagma/syntagma/benchmarks";
 *
 * const benchmark = valse({ images: ["visual7w", "val2014", "val2017"], partial: true });
 * console.assert(benchmark.source.items === 7702);
 * ```
 */
export const valse: (options: BenchmarkOptions) => Benchmark = defineItemBenchmark({
  name: "valse",
  source: VALSE_SOURCE,
  rule: () => selectTrueText,
  load,
  combine,
});

function load(
  context: Context,
  { annotations }: ItemBenchmarkOptions,
): Promise<BenchmarkSubset[]> {
  const subsets = Object.values(PHENOMENA).flatMap((files) => Object.entries(files));
  return Array.fromAsync(subsets, async ([subset, official]) => {
    const items = await readAnnotations(context, joinAddress(annotations, `${subset}.json`), file);
    return {
      dataset: `valse/${subset}`,
      official,
      items: Object.entries(items)
        .filter(([, { mturk }]) => mturk.caption >= LEAST_VOTES)
        .map(([id, { image_file, caption, foil }]) => ({
          id,
          images: [{ file: image_file }],
          texts: [caption, foil],
        })),
    };
  });
}

function combine(subsets: readonly Evaluation[]): Evaluation[] {
  const phenomena = Object.entries(PHENOMENA).flatMap(([phenomenon, files]) => {
    const names = Object.keys(files).map((name) => `valse/${name}`);
    const parts = subsets.filter(({ dataset }) => names.includes(dataset));
    if (parts.length === 0) return [];
    return names.length === 1 ? parts : [averageParts(`valse/${phenomenon}`, "macro_acc", parts)];
  });
  return [
    ...phenomena.filter(({ parts }) => parts !== undefined),
    averageParts("valse", "macro_acc", subsets),
    averageParts("valse_phenomena", "macro_acc", phenomena),
  ];
}
