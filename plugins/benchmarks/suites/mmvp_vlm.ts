import { z } from "zod";
import type { Benchmark, BenchmarkOptions, BenchmarkSource } from "../../../core/benchmark.ts";
import { matchPairs } from "../../../core/scoring/rules.ts";
import { defineItemBenchmark } from "../harness/item_benchmark.ts";
import { readAnnotationTable } from "../harness/read_annotation_table.ts";

/** Where MMVP-VLM comes from. */
export const MMVP_VLM_SOURCE: BenchmarkSource = {
  title: "MMVP-VLM",
  paper: "https://arxiv.org/abs/2401.06209",
  homepage: "https://huggingface.co/datasets/MMVP/MMVP_VLM",
  annotations: "hf:datasets/MMVP/MMVP_VLM/Questions.csv",
  pictures: "the folder MLLM_VLM Images of https://huggingface.co/datasets/MMVP/MMVP_VLM",
  licence: "MIT (its card)",
  gated: false,
  items: 135,
};

const row = z.object({
  "Question ID": z.string().regex(/^\s*\d+\s*$/, { error: "expected the number of a question" }),
  Type: z.string(),
  Statement: z.string(),
});

/**
 * MMVP-VLM (Tong et al., 2024): pairs of pictures that CLIP sees as alike and that differ in one of
 * nine visual patterns, with a statement for each. `image_acc`, the headline, asks that each statement
 * is nearer to its own picture, which is all that the authors' code asks; `text_acc` and `acc` as of
 * {@linkcode winoground}. Chance is 25, 25 and 16.67 %. Ties are wrong; in the authors' code a tie of
 * the second statement is right. `macro_…` is the mean over the patterns. The texts are the statements
 * after "a photo of ", as in the authors' code.
 *
 * An item's scores are the cosines of the first picture with both texts, then of the second; its group
 * is the pattern.
 *
 * `evaluate` throws as that of {@linkcode sugarCrepe}.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { mmvpVlm } from "@syntagma/syntagma/benchmarks";
 *
 * console.assert(mmvpVlm({ images: "MMVP_VLM" }).source.items === 135);
 * ```
 */
export const mmvpVlm: (options: BenchmarkOptions) => Benchmark = defineItemBenchmark({
  name: "mmvpVlm",
  source: MMVP_VLM_SOURCE,
  headline: () => "image_acc",
  rule: () => matchPairs,
  load: async (context, { annotations }) => {
    const { path, rows } = await readAnnotationTable(context, annotations, row);
    const questions = rows.map((each) => ({ ...each, number: Number(each["Question ID"]) }));
    const pairs = questions.flatMap((first, index) => {
      if (index % 2 === 1) return [];
      const second = questions[index + 1];
      if (second !== undefined && first.number % 2 === 1 && second.number === first.number + 1) {
        return [[first, second] as const];
      }
      throw new SyntaxError(
        `${path}, row ${index + 1}: expected questions by twos (1 and 2, 3 and 4, …), found ` +
          `${first.number} before ${second?.number ?? "nothing"}`,
      );
    });
    return [{
      dataset: "mmvp_vlm",
      official: MMVP_VLM_SOURCE.items!,
      items: pairs.map((pair) => ({
        id: `${pair[0].number}`,
        // The authors look for both in the folder of the first one's type.
        images: pair.map(({ number }) => ({
          file: `MLLM_VLM Images/${pair[0].Type}/${number}.jpg`,
        })),
        texts: pair.map(({ Statement }) => `a photo of ${Statement}`),
        group: pair[0].Type,
      })),
    }];
  },
});
