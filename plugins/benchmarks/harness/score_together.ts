import { summarizeItems } from "../../../core/scoring/summarize.ts";
import type { Evaluation, ItemScore } from "../../../core/evaluator.ts";

/** Items that count together. */
export interface TogetherOptions {
  /** The name of the result. */
  readonly dataset: string;
  /** How many items belong together. */
  readonly size: number;
  /** What items that belong together have in common. */
  readonly keyOf: (item: ItemScore) => string;
}

/**
 * An evaluation of which an item is right where all items are that belong together in another one:
 * pairs and sets of pictures. Those that are not complete count as missing.
 *
 * @throws {RangeError} if more items have something in common than belong together.
 */
export function scoreTogether(
  evaluation: Evaluation,
  { dataset, size, keyOf }: TogetherOptions,
): Evaluation | undefined {
  const { task, headline, itemScores, partial } = evaluation;
  const whole = partial === undefined ? {} : {
    partial: { of: partial.of / size, missing: partial.missing },
  };
  // Asked for without items, it tells how many there would be.
  if (itemScores === undefined) {
    return { ...evaluation, dataset, items: evaluation.items / size, ...whole };
  }
  const together = Map.groupBy(itemScores, keyOf);
  const full: ItemScore[] = [];
  for (const [id, items] of together) {
    if (items.length > size) {
      throw new RangeError(
        `${dataset}: expected ${size} items for ${id}, found ${items.length}: ` +
          items.map((item) => item.id).join(", "),
      );
    }
    if (items.length < size) continue;
    full.push({
      id,
      images: items.flatMap(({ images }) => images ?? []),
      texts: [...new Set(items.flatMap(({ texts }) => texts ?? []))],
      scores: items.flatMap(({ scores }) => scores),
      correct: Object.fromEntries(
        Object.keys(items[0]!.correct).map((metric) =>
          [metric, items.every(({ correct }) => correct[metric])] as const
        ),
      ),
    });
  }
  if (full.length === 0) return undefined;
  const chance = full.map(({ correct }) =>
    Object.fromEntries(
      Object.keys(correct).map((metric) =>
        [metric, (evaluation.chance?.[metric] ?? NaN) ** size] as const
      ),
    )
  );
  return summarizeItems(
    { dataset, task, headline, ...whole },
    full,
    evaluation.chance === undefined ? {} : { chance },
  );
}
