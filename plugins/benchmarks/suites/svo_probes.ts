import { z } from "zod";
import type { Benchmark, BenchmarkOptions, BenchmarkSource } from "../../../core/benchmark.ts";
import type { Context } from "../../../core/context.ts";
import type { Evaluation } from "../../../core/evaluator.ts";
import { averageParts } from "../../../core/scoring/summarize.ts";
import type { BenchmarkSubset } from "../harness/benchmark_item.ts";
import { defineItemBenchmark, type ItemBenchmarkOptions } from "../harness/item_benchmark.ts";
import { readAnnotationTable } from "../harness/read_annotation_table.ts";
import { selectTrueText } from "../../../core/scoring/rules.ts";

/** The rows of the authors' table. */
const ROWS = 36841;

/** Where SVO-Probes comes from. */
export const SVO_PROBES_SOURCE: BenchmarkSource = {
  title: "SVO-Probes",
  paper: "https://arxiv.org/abs/2106.09141",
  homepage: "https://github.com/google-deepmind/svo_probes",
  annotations: "https://storage.googleapis.com/dm-mmt-models/svo_probes.csv",
  pictures: "those that its table links to, each saved as its id with .jpg",
  licence: "CC-BY-4.0",
  gated: false,
  items: ROWS,
};

/** What differs between the two pictures, and the column that says so. */
const KINDS = { subject: "subj_neg", verb: "verb_neg", object: "obj_neg" } as const;

const flag = z.string().refine((text) => /^(true|false)$/i.test(text), {
  error: "expected True or False",
}).transform((text) => text.toLowerCase() === "true");
const id = z.string().regex(/^\d+$/, { error: "expected the number of a picture" });
const row = z.object({
  sentence: z.string().min(1),
  pos_image_id: id,
  neg_image_id: id,
  subj_neg: flag,
  verb_neg: flag,
  obj_neg: flag,
});

/**
 * SVO-Probes (Hendricks and Nematzadeh, 2021): is the sentence nearer to its picture than to one
 * that differs in the subject, the verb or the object? `acc` for each of the three, and `svo_probes`
 * over them: `macro_acc`, its headline, is their unweighted mean. Ties are wrong. The authors ask a
 * classifier whether each picture matches; for embeddings the field compares the two. As in their
 * notebook, rows in which more than one of the three differs count in none.
 *
 * An item's scores are the cosines of the sentence with the right picture and with the other.
 *
 * The authors tell how many rows their table has, not how many there are of each kind. So of a table
 * with fewer rows, which `partial` asks for, all three results and their mean say that they are
 * partial, and `partial.of` is the most that it can be: as if all missing rows were of that kind.
 *
 * `evaluate` throws as that of {@linkcode sugarCrepe}; with more rows than the authors' it throws
 * whatever `partial` says.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { svoProbes } from "@syntagma/syntagma/benchmarks";
 *
 * console.assert(svoProbes({ images: "svo/images", partial: true }).options.partial === true);
 * ```
 */
export const svoProbes: (options: BenchmarkOptions) => Benchmark = defineItemBenchmark({
  name: "svoProbes",
  source: SVO_PROBES_SOURCE,
  rule: () => selectTrueText,
  load,
  combine: (subsets) => [averageKinds(subsets)],
});

async function load(
  context: Context,
  { annotations, partial }: ItemBenchmarkOptions,
): Promise<BenchmarkSubset[]> {
  const { path, rows: all } = await readAnnotationTable(context, annotations, row);
  const lost = ROWS - all.length;
  if (lost < 0 || lost > 0 && !partial) {
    throw new RangeError(
      `${path}: expected the ${ROWS} rows of SVO-Probes, found ${all.length}` +
        (lost < 0 ? "" : "; partial: true scores those that are there"),
    );
  }
  return Object.entries(KINDS).map(([kind, column]) => {
    const items = all.flatMap((row, index) => {
      const differing = Object.values(KINDS).filter((each) => row[each]);
      return differing.length === 1 && row[column] ? [{ row, index }] : [];
    });
    return {
      dataset: `svo_probes/${kind}`,
      official: items.length + lost,
      items: items.map(({ row, index }) => ({
        id: `${index}`,
        images: [row.pos_image_id, row.neg_image_id].map((name) => ({ file: `${name}.jpg` })),
        texts: [row.sentence],
      })),
    };
  });
}

/** The mean over the kinds. A row that is missing may be of any kind, yet it is one row. */
function averageKinds(kinds: readonly Evaluation[]): Evaluation {
  const { partial, ...average } = averageParts("svo_probes", "macro_acc", kinds);
  return partial === undefined
    ? average
    : { ...average, partial: { ...partial, of: Math.min(partial.of, ROWS) } };
}
