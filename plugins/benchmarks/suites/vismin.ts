import { z } from "zod";
import type { Benchmark, BenchmarkOptions, BenchmarkSource } from "../../../core/benchmark.ts";
import { averageParts } from "../../../core/scoring/summarize.ts";
import { matchPairs } from "../../../core/scoring/rules.ts";
import { defineItemBenchmark, embeddedBenchmarkShape } from "../harness/item_benchmark.ts";
import { readParquetRows } from "../harness/parquet_rows.ts";

/** Where VisMin comes from. */
export const VISMIN_SOURCE: BenchmarkSource = {
  title: "VisMin",
  paper: "https://arxiv.org/abs/2407.16772",
  homepage: "https://huggingface.co/datasets/mair-lab/vismin-bench",
  // Published in Arrow's form, which `datasets` turns into Parquet (`to_parquet`).
  annotations: null,
  pictures: "those in its Parquet files",
  licence: "CC-BY-4.0 (its card)",
  gated: false,
  items: 2084,
};

/** How many items each category has, by the authors' list of solutions. */
const CATEGORIES = { object: 579, attribute: 294, counting: 589, relation: 622 } as const;

const row = z.object({
  text_0: z.string(),
  text_1: z.string(),
  category: z.enum(["object", "attribute", "counting", "relation"]),
});

/**
 * VisMin (Awal et al., 2024): two pictures that differ in one thing (an object, an attribute, a number,
 * a place) and a text for each. `text_acc`, `image_acc` and `acc` (the headline, their group score) as
 * of {@linkcode winoground}; ties are wrong, as in the authors' code. `vismin` is the mean over the
 * four categories (`macro_acc`, its headline) and over all items (`acc`).
 *
 * The authors publish Arrow files; `annotations` is the Parquet file that `datasets` makes of them
 * (`load_from_disk(…)["test"].to_parquet("vismin.parquet")`), or a folder of such files.
 *
 * An item's scores are the cosines of picture 0 with text 0 and 1, then of picture 1 with both.
 *
 * `evaluate` throws as that of {@linkcode bivlc}.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { vismin } from "@syntagma/syntagma/benchmarks";
 *
 * console.assert(vismin({ annotations: "vismin.parquet" }).source.items === 2084);
 * ```
 */
export const vismin: (options: Omit<BenchmarkOptions, "images">) => Benchmark = defineItemBenchmark(
  {
    name: "vismin",
    source: VISMIN_SOURCE,
    schema: z.strictObject(embeddedBenchmarkShape(VISMIN_SOURCE)),
    task: "image_caption_selection",
    headline: () => "acc",
    rule: () => matchPairs,
    load: async (context, { annotations }) => {
      const rows = await readParquetRows(context, annotations, {
        files: [],
        schema: row,
        pictures: ["image_0", "image_1"],
      });
      const items = rows.map(({ values, picture }, index) => ({
        category: values.category,
        id: `${index}`,
        images: [picture("image_0"), picture("image_1")],
        texts: [values.text_0, values.text_1],
      }));
      return Object.entries(CATEGORIES).map(([name, official]) => ({
        dataset: `vismin/${name}`,
        official,
        items: items.filter(({ category }) => category === name),
      }));
    },
    combine: (subsets) => [averageParts("vismin", "macro_acc", subsets)],
  },
);
