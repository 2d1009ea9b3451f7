import { summarizeItems } from "../../core/evaluation/mod.ts";
import type { Evaluation, ItemScore, PartialItems } from "../../mod.ts";
import type { ClassifiedPicture } from "./classified_pictures.ts";

/**
 * What a picture counts as when so many wrong classes come before its own.
 *
 * @param classes By the names that the files give them, which differ where those in prompts may not.
 */
export function classifiedItem(
  { id, label }: ClassifiedPicture,
  classes: readonly string[],
  before: number,
): Omit<ItemScore, "scores"> {
  const acc5 = classes.length < 5 ? {} : { acc5: before < 5 };
  return { id, images: [id], correct: { acc1: before < 1, ...acc5 }, group: classes[label]! };
}

/** The evaluation of a classification, by CLIP_benchmark's names. */
export function summarizeClassification(
  labels: { readonly dataset: string; readonly task: string; partial: PartialItems | undefined },
  itemScores: readonly ItemScore[],
): Evaluation {
  const evaluation = summarizeItems({ ...labels, headline: "acc1" }, itemScores);
  const { macro_acc1, macro_acc5: _, ...metrics } = evaluation.metrics;
  return { ...evaluation, metrics: { ...metrics, mean_per_class_recall: macro_acc1! } };
}
