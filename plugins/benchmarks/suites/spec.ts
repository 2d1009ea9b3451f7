import { join } from "node:path/posix";
import { z } from "zod";
import { joinAddress } from "../../../core/host/assets/address.ts";
import type { Benchmark, BenchmarkOptions, BenchmarkSource } from "../../../core/benchmark.ts";
import type { Context } from "../../../core/context.ts";
import type { Evaluation } from "../../../core/evaluator.ts";
import { averageParts } from "../../../core/scoring/summarize.ts";
import { selectTrueText } from "../../../core/scoring/rules.ts";
import { averageUnder } from "../harness/average_under.ts";
import type { BenchmarkSubset } from "../harness/benchmark_item.ts";
import { defineItemBenchmark, type ItemBenchmarkOptions } from "../harness/item_benchmark.ts";
import { readAnnotations } from "../harness/read_annotations.ts";

/** Where SPEC comes from. */
export const SPEC_SOURCE: BenchmarkSource = {
  title: "SPEC",
  paper: "https://arxiv.org/abs/2312.00081",
  homepage: "https://github.com/wjpoom/SPEC",
  // In the archive with the pictures: hf:datasets/wjpoom/SPEC/data.zip.
  annotations: null,
  pictures:
    "the unpacked data.zip of https://huggingface.co/datasets/wjpoom/SPEC, which holds the " +
    "annotations too",
  licence: "Apache-2.0 (its card)",
  gated: false,
  // Both ways.
  items: 30_000,
};

/**
 * The subsets and how many items each has either way. The authors tell no numbers; these are what the
 * accuracies in their notebook (`evaluate_example_local.ipynb`) are shares of and its batches of 64
 * hold, and come to the 15,000 rows that its card counts.
 */
const SUBSETS = {
  absolute_size: 1500,
  relative_size: 1500,
  absolute_spatial: 4500,
  relative_spatial: 2000,
  existence: 1000,
  count: 4500,
} as const;

const WAYS = ["image2text", "text2image"] as const;

const file = z.array(
  z.object({
    query: z.string().min(1),
    keys: z.array(z.string().min(1)).min(2),
    label: z.int().min(0),
  }).refine(({ keys, label }) => label < keys.length, {
    path: ["label"],
    error: "expected the position of one of the keys",
  }),
);

/**
 * SPEC (Peng et al., 2024): pictures that differ in size, position, existence or number, and a text for
 * each. `…/image2text` asks for the text of a picture, `…/text2image` for the picture of a text.
 * `spec/image2text` and `spec/text2image` are the unweighted means of the six subsets (`macro_acc`), as
 * the authors report them, and `spec` that of both ways. A tie is wrong; in the authors' code it falls
 * to the candidate that stands first. Chance is one part of the candidates, whose number differs by
 * subset.
 *
 * `annotations` is the folder that their archive unpacks to, the same as that of the pictures.
 *
 * An item's scores are the cosines of the query with the right candidate, then with the others.
 *
 * `evaluate` throws as that of {@linkcode sugarCrepe}.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { spec } from "@syntagma/syntagma/benchmarks";
 *
 * console.assert(spec({ images: "spec/data", annotations: "spec/data" }).name === "spec");
 * ```
 */
export const spec: (options: BenchmarkOptions) => Benchmark = defineItemBenchmark({
  name: "spec",
  source: SPEC_SOURCE,
  rule: () => selectTrueText,
  load,
  combine,
});

function load(
  context: Context,
  { annotations }: ItemBenchmarkOptions,
): Promise<BenchmarkSubset[]> {
  const files = WAYS.flatMap((way) =>
    Object.entries(SUBSETS).map(([subset, official]) => ({ subset, official, way }))
  );
  return Promise.all(files.map(async ({ subset, official, way }) => {
    const address = joinAddress(annotations, `${subset}/${way}.json`);
    const picture = (name: string) => ({ file: join(subset, name) });
    const items = (await readAnnotations(context, address, file)).map(
      ({ query, keys, label }, index) => {
        const candidates = [keys[label]!, ...keys.filter((_, i) => i !== label)];
        return way === "image2text"
          ? { id: `${index}`, images: [picture(query)], texts: candidates }
          : { id: `${index}`, images: candidates.map(picture), texts: [query] };
      },
    );
    return { dataset: `spec/${way}/${subset}`, official, items };
  }));
}

function combine(subsets: readonly Evaluation[]): Evaluation[] {
  const ways = WAYS.flatMap((way) =>
    averageUnder(`spec/${way}/`, `spec/${way}`, "macro_acc", subsets)
  );
  return [...ways, averageParts("spec", "macro_acc", ways)];
}
