import type { Evaluation } from "../../../core/evaluator.ts";
import { averageParts } from "../../../core/scoring/summarize.ts";

/**
 * The average of the subsets whose names begin so; none where there are no such.
 *
 * @param dataset The name that the average gets.
 * @param headline Its headline metric.
 */
export function averageUnder(
  prefix: string,
  dataset: string,
  headline: string,
  subsets: readonly Evaluation[],
): Evaluation[] {
  const parts = subsets.filter((each) => each.dataset.startsWith(prefix));
  return parts.length === 0 ? [] : [averageParts(dataset, headline, parts)];
}
