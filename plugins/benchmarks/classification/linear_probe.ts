import { join } from "node:path";
import { z } from "zod";
import type { Benchmark } from "../../../core/benchmark.ts";
import type { Context } from "../../../core/context.ts";
import { defineComponent } from "../../../core/define_component.ts";
import type { Encoder, Evaluation } from "../../../core/evaluator.ts";
import { givenSource } from "../harness/given_source.ts";
import { refuseEmptyClasses } from "./class_folder.ts";
import { classifiedItem, summarizeClassification } from "./classification_items.ts";
import type { ClassifiedPicture, ClassifiedPictures } from "./classified_picture.ts";
import { limitEachClass, readClassified } from "./classified_pictures.ts";
import { embedPictures } from "../harness/embed_pictures.ts";
import { applyClassifier, fitLogisticRegression } from "./logistic_regression.ts";

/** Options of {@linkcode linearProbe}. */
export interface LinearProbeOptions {
  /**
   * The folder that holds a folder `train` and a folder `test`, each with a subfolder for each
   * class; or CIFAR's binary files.
   */
  readonly images: string;
  /** The name in results. */
  readonly dataset: string;
  /** Whether each class has a subfolder, or the files are CIFAR's. Default `"folder"`. */
  readonly format?: "folder" | "cifar10" | "cifar100";
  /** Train on only so many pictures of each class, the first ones. Default `null`: all. */
  readonly shots?: number | null;
  /** Score only so many test pictures of each class, the first ones. Default `null`: all. */
  readonly limit?: number | null;
  /**
   * The weight of the data against that of small weights, as scikit-learn's `C`. Default 0.316,
   * which is OpenAI's; their features are not of unit length, for which larger values are usual.
   */
  readonly c?: number;
  /** Steps of the solver at most. Default 1000, OpenAI's. */
  readonly maxIterations?: number;
}

const schema = z.strictObject({
  images: z.string().min(1),
  dataset: z.string().min(1),
  format: z.enum(["folder", "cifar10", "cifar100"]).default("folder"),
  shots: z.int().min(1).nullable().default(null),
  limit: z.int().min(1).nullable().default(null),
  c: z.number().positive().default(0.316),
  maxIterations: z.int().min(1).default(1000),
});

/**
 * A linear probe: logistic regression on the model's image embeddings, of unit length and frozen, by
 * L-BFGS to its minimum, so that nothing is random. `lp_acc1` (the headline), `lp_acc5` and
 * `lp_mean_per_class_recall`, as CLIP_benchmark names them, on the test pictures; of equally likely
 * classes the first wins.
 *
 * An item's scores are the logits of its own class and of the largest other one, whose names are
 * its texts; its group is its class.
 *
 * `evaluate` throws a `RangeError` if a folder is missing or the two have different classes.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { linearProbe } from "@syntagma/syntagma/benchmarks";
 *
 * const probe = linearProbe({
 *   images: "cifar-10-batches-bin",
 *   dataset: "cifar10",
 *   format: "cifar10",
 *   shots: 100,
 * });
 * console.assert(probe.options.c === 0.316);
 * ```
 */
export const linearProbe: (options: LinearProbeOptions) => Benchmark = defineComponent({
  name: "linearProbe",
  schema,
  make: (options) => ({
    source: givenSource(`Linear probe on ${options.dataset}`, {
      paper: "https://arxiv.org/abs/2103.00020",
      homepage: "https://github.com/openai/CLIP#linear-probe-evaluation",
    }),
    check: async (context) => {
      await findSplits(context, options);
    },
    evaluate: (encoder, context) => evaluate(encoder, context, options),
  }),
});

/** The pictures to train on and those to test on, of the same classes. */
async function findSplits(
  context: Context,
  { images: folder, format }: z.infer<typeof schema>,
): Promise<{ readonly train: ClassifiedPictures; readonly test: ClassifiedPictures }> {
  const place = (split: string) => format === "folder" ? join(folder, split) : folder;
  const train = await readClassified(context, place("train"), format, "train");
  const test = await readClassified(context, place("test"), format, "test");
  const { classes } = test;
  const odd = classes.find((name, index) => train.classes[index] !== name);
  if (odd !== undefined || train.classes.length !== classes.length) {
    throw new RangeError(
      `${folder}: expected the same classes in train and test, found ` +
        `${train.classes.length} and ${classes.length}${
          odd === undefined ? "" : `, "${odd}" alone`
        }`,
    );
  }
  for (const [split, { pictures }] of Object.entries({ train, test })) {
    if (pictures.length > 0) continue;
    throw new RangeError(`${place(split)}: expected pictures to ${split} on, found none`);
  }
  if (format === "folder") refuseEmptyClasses(place("train"), train);
  return { train, test };
}

async function evaluate(
  encoder: Encoder,
  context: Context,
  options: z.infer<typeof schema>,
): Promise<readonly Evaluation[]> {
  const { dataset, c, maxIterations } = options;
  const { train, test } = await findSplits(context, options);
  const { classes } = test;
  const known = limitEachClass(train.pictures, options.shots);
  const asked = limitEachClass(test.pictures, options.limit);
  const classifier = fitLogisticRegression(
    await embed(encoder, known),
    known.map(({ label }) => label),
    { dim: encoder.dim, classes: classes.length, c, maxIterations },
  );
  if (!classifier.converged) {
    context.log(`${dataset}: ${maxIterations} steps did not bring the linear probe to its minimum`);
  }
  const logits = applyClassifier(classifier, await embed(encoder, asked), encoder.dim);
  const itemScores = asked.map((picture, row) => {
    const own = logits[row * classes.length + picture.label]!;
    const others = [...logits.subarray(row * classes.length, (row + 1) * classes.length).entries()]
      .filter(([label]) => label !== picture.label);
    const [rival, other] = others.reduce((best, each) => each[1] > best[1] ? each : best, [
      -1,
      -Infinity,
    ]);
    const before = others.filter(([label, logit]) =>
      logit > own || logit === own && label < picture.label
    ).length;
    return {
      ...classifiedItem(picture, classes, before, "lp_"),
      texts: [picture.label, rival].flatMap((label) => classes[label] ?? []),
      scores: rival === -1 ? [own] : [own, other],
    };
  });
  const of = test.pictures.length;
  const partial = asked.length === of ? undefined : { of, missing: [] };
  const labels = { dataset, task: "linear_probe", partial };
  return [summarizeClassification(labels, itemScores, "lp_", classes.length)];
}

async function embed(
  encoder: Encoder,
  pictures: readonly ClassifiedPicture[],
): Promise<Float32Array> {
  const { rows } = await embedPictures(encoder, {
    count: pictures.length,
    read: (index) => pictures[index]!.read(),
    key: (index) => pictures[index]!.key(),
    name: (index) => pictures[index]!.id,
  });
  return rows;
}
