import type { ClassifiedPicture } from "./classified_picture.ts";
import { summarizeItems } from "../../../core/scoring/summarize.ts";
import type { Evaluation, ItemScore } from "../../../core/evaluator.ts";

/** What CLIP_benchmark's metrics of a classification begin with: a linear probe's with `lp_`. */
export type MetricPrefix = "" | "lp_";

/**
 * What a picture counts as when so many wrong classes come before its own.
 *
 * @param classes By the names that the files give them, which differ where those in prompts may not.
 */
export function classifiedItem(
  { id, label }: ClassifiedPicture,
  classes: readonly string[],
  before: number,
  prefix: MetricPrefix,
): Omit<ItemScore, "scores"> {
  const acc5 = classes.length < 5 ? {} : { [`${prefix}acc5`]: before < 5 };
  const correct = { [`${prefix}acc1`]: before < 1, ...acc5 };
  return { id, images: [id], correct, group: classes[label]! };
}

/**
 * The evaluation of a classification, by CLIP_benchmark's names.
 *
 * @param classes How many there are to choose from.
 */
export function summarizeClassification(
  labels: {
    readonly dataset: string;
    readonly task: string;
    partial: Evaluation["partial"] | undefined;
  },
  itemScores: readonly ItemScore[],
  prefix: MetricPrefix,
  classes: number,
): Evaluation {
  const evaluation = summarizeItems({ ...labels, headline: `${prefix}acc1` }, itemScores);
  const { [`macro_${prefix}acc1`]: recall, [`macro_${prefix}acc5`]: _, ...metrics } =
    evaluation.metrics;
  return {
    ...evaluation,
    metrics: { ...metrics, [`${prefix}mean_per_class_recall`]: recall! },
    chance: {
      [`${prefix}acc1`]: 1 / classes,
      ...(classes < 5 ? {} : { [`${prefix}acc5`]: 5 / classes }),
      [`${prefix}mean_per_class_recall`]: 1 / classes,
    },
  };
}
