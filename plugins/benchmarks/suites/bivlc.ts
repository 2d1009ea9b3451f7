import { z } from "zod";
import type { Benchmark, BenchmarkOptions, BenchmarkSource } from "../../../core/benchmark.ts";
import { averageParts } from "../../../core/scoring/summarize.ts";
import { matchPairs } from "../../../core/scoring/rules.ts";
import { defineItemBenchmark, embeddedBenchmarkShape } from "../harness/item_benchmark.ts";
import { readParquetRows } from "../harness/parquet_rows.ts";

/** Where BiVLC comes from. */
export const BIVLC_SOURCE: BenchmarkSource = {
  title: "BiVLC",
  paper: "https://arxiv.org/abs/2406.09952",
  homepage: "https://github.com/IMirandaM/BiVLC",
  annotations: "hf:datasets/imirandam/BiVLC/data",
  pictures: "those in its Parquet files",
  licence: "MIT",
  gated: false,
  items: 2933,
};

/** How many items each kind of negative has, by the authors' results. */
const KINDS = {
  replace_obj: 1200,
  replace_att: 437,
  replace_rel: 462,
  swap_obj: 81,
  swap_att: 278,
  add_obj: 399,
  add_att: 76,
} as const;

const row = z.object({
  caption: z.string(),
  negative_caption: z.string(),
  type: z.string(),
  subtype: z.string(),
});

/**
 * BiVLC (Miranda et al., 2024): SugarCrepe's negative captions with a picture made for each.
 * `text_acc` asks that each picture is nearer to its own caption (the authors' I2T), `image_acc` that
 * each caption is nearer to its own picture (T2I), `acc` (the headline, their group score) both. Ties
 * are wrong, as in their code; chance is 25, 25 and 16.67 %. `bivlc` is over all items, as the authors
 * report it; `macro_…` is the mean over the kinds of negatives.
 *
 * The pictures stand in the annotations, Parquet files: `annotations` is their folder or one of them.
 *
 * An item's scores are the cosines of the picture with the caption and the negative caption, then of
 * the negative picture with both.
 *
 * `evaluate` throws an `AssetError` if a file cannot be had, a `SyntaxError` if it is not of the
 * authors' form, and a `RangeError` if there are other than their items.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { bivlc } from "@syntagma/syntagma/benchmarks";
 *
 * console.assert(bivlc({ limit: 100 }).source.items === 2933);
 * ```
 */
export const bivlc: (options: Omit<BenchmarkOptions, "images">) => Benchmark = defineItemBenchmark({
  name: "bivlc",
  source: BIVLC_SOURCE,
  schema: z.strictObject(embeddedBenchmarkShape(BIVLC_SOURCE)),
  rule: () => matchPairs,
  load: async (context, { annotations }) => {
    const rows = await readParquetRows(context, annotations, {
      files: ["test-00000-of-00002.parquet", "test-00001-of-00002.parquet"],
      schema: row,
      pictures: ["image", "negative_image"],
    });
    const items = rows.map(({ values, picture }, index) => ({
      kind: `${values.type}_${values.subtype}`,
      id: `${index}`,
      images: [picture("image"), picture("negative_image")],
      texts: [values.caption, values.negative_caption],
    }));
    const odd = items.find(({ kind }) => !Object.hasOwn(KINDS, kind));
    if (odd !== undefined) {
      throw new SyntaxError(
        `${annotations}, item ${odd.id}: expected one of ${
          Object.keys(KINDS).join(", ")
        } as type ` +
          `and subtype, found ${odd.kind}`,
      );
    }
    return Object.entries(KINDS).map(([name, official]) => ({
      dataset: `bivlc/${name}`,
      official,
      items: items.filter(({ kind }) => kind === name),
    }));
  },
  combine: (subsets) => [averageParts("bivlc", "acc", subsets)],
});
