import { z } from "zod";
import { joinAddress } from "../../../core/host/assets/address.ts";
import { averageParts } from "../../../core/scoring/summarize.ts";
import type { Context } from "../../../core/context.ts";
import type { Benchmark, BenchmarkOptions, BenchmarkSource } from "../../../core/benchmark.ts";
import { averageUnder } from "../harness/average_under.ts";
import type { BenchmarkItem, BenchmarkSubset } from "../harness/benchmark_item.ts";
import {
  defineItemBenchmark,
  expectedPictures,
  itemBenchmarkShape,
} from "../harness/item_benchmark.ts";
import { readAnnotations } from "../harness/read_annotations.ts";
import { selectBothTexts, selectNearestPair } from "../../../core/scoring/rules.ts";

/** Where SugarCrepe++ comes from. */
export const SUGAR_CREPE_PP_SOURCE: BenchmarkSource = {
  title: "SugarCrepe++",
  paper: "https://arxiv.org/abs/2406.11171",
  homepage: "https://github.com/Sri-Harsha/scpp",
  annotations: "https://raw.githubusercontent.com/Sri-Harsha/scpp/main/data",
  pictures: "COCO's val2017, http://images.cocodataset.org/zips/val2017.zip",
  licence: "CC-BY-4.0 (its README; its licence file is MIT's)",
  gated: false,
  items: 4757,
};

/** SugarCrepe++'s subsets and how many items each has. */
const SUBSETS = {
  replace_att: 788,
  replace_obj: 1652,
  replace_rel: 1406,
  swap_att: 666,
  swap_obj: 245,
} as const;

const shape = itemBenchmarkShape(SUGAR_CREPE_PP_SOURCE);
const schema = z.strictObject({
  ...shape,
  images: shape.images.nullable().default(null),
  textOnly: z.boolean().default(false),
}).refine(({ images, textOnly }) => textOnly || images !== null, {
  path: ["images"],
  error: expectedPictures(SUGAR_CREPE_PP_SOURCE),
});

const file = z.array(z.object({
  id: z.union([z.int(), z.string()]),
  filename: z.string(),
  caption: z.string(),
  caption2: z.string(),
  negative_caption: z.string(),
}));

/**
 * SugarCrepe++ (Dumpala et al., 2024): two captions of a picture in other words, and a hard
 * negative. `itt_acc` (the headline) asks that both captions are nearer to the picture than the
 * negative; `tot_acc` asks the texts alone, that the captions are nearer to each other than either
 * is to the negative. Ties are wrong. Both for each of the five subsets; `sugar_crepe_pp/replace`
 * and `/swap` average theirs, and `sugar_crepe_pp` all: `macro_itt_acc`, its headline, is the unweighted mean, `itt_acc` the mean weighted by items.
 *
 * With `textOnly` no pictures are needed, `tot_acc` is the headline, and the data sets are called
 * `sugar_crepe_pp_text…`, so that these scores stand beside those with pictures.
 *
 * An item's scores are the cosines of the picture with the first caption, the second and the
 * negative (not with `textOnly`), then of the first caption with the second, of the first with the
 * negative, and of the second with the negative.
 *
 * `evaluate` throws as that of {@linkcode sugarCrepe}.
 *
 * @param options.images As of every benchmark; needed unless only texts are compared.
 * @param options.textOnly Whether only the text-only task is scored, which needs no pictures.
 *   Default: `false`.
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { sugarCrepePp } from "@syntagma/syntagma/benchmarks";
 *
 * console.assert(sugarCrepePp({ textOnly: true }).options.images === null);
 * ```
 */
export const sugarCrepePp: (
  options: Omit<BenchmarkOptions, "images"> & {
    readonly images?: string | readonly string[] | null;
    readonly textOnly?: boolean;
  },
) => Benchmark = defineItemBenchmark({
  name: "sugarCrepePp",
  source: SUGAR_CREPE_PP_SOURCE,
  schema,
  alias: ({ textOnly }) => textOnly ? datasetOf(true) : undefined,
  headline: ({ textOnly }) => headlineOf(textOnly),
  rule: ({ textOnly }) => textOnly ? selectNearestPair : selectBothTexts,
  load,
  combine: (subsets, { textOnly }) => {
    const [all, headline] = [datasetOf(textOnly), `macro_${headlineOf(textOnly)}`];
    const kinds = ["replace", "swap"].flatMap((kind) =>
      averageUnder(`${all}/${kind}_`, `${all}/${kind}`, headline, subsets)
    );
    return [...kinds, averageParts(all, headline, subsets)];
  },
});

function datasetOf(textOnly: boolean): string {
  return textOnly ? "sugar_crepe_pp_text" : "sugar_crepe_pp";
}

function headlineOf(textOnly: boolean): string {
  return textOnly ? "tot_acc" : "itt_acc";
}

function load(
  context: Context,
  { annotations, textOnly }: z.infer<typeof schema>,
): Promise<BenchmarkSubset[]> {
  return Array.fromAsync(
    Object.entries(SUBSETS),
    async ([subset, official]) => {
      const items = await readAnnotations(
        context,
        joinAddress(annotations, `${subset}.json`),
        file,
      );
      return {
        dataset: `${datasetOf(textOnly)}/${subset}`,
        official,
        items: items.map((
          { id, filename, caption, caption2, negative_caption },
        ): BenchmarkItem => ({
          id: `${id}`,
          images: textOnly ? [] : [{ file: filename }],
          texts: [caption, caption2, negative_caption],
          textPairs: [[0, 1], [0, 2], [1, 2]],
        })),
      };
    },
  );
}
