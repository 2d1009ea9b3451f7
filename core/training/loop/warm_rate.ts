import type { Recipe } from "../../recipe.ts";

/**
 * The learning rate of a step: 0 for as many as a recipe's `warmMoments`, then the optimiser's by its
 * schedule, as if the run began there. An optimiser with moments, as `adamw`, fills them meanwhile, so
 * that the first step that moves the weights knows more than one gradient, as TuneCLIP does it (arXiv
 * 2601.09859; with the loss of pre-training there, with the recipe's own here).
 *
 * @param step Steps done before this one.
 * @param total All steps of the run, those of the beginning too.
 */
export function warmRate(
  { optimizer, schedule, warmMoments }: Pick<Recipe, "optimizer" | "schedule" | "warmMoments">,
  step: number,
  total: number,
): number {
  return step < warmMoments
    ? 0
    : optimizer.lr * schedule.factor(step - warmMoments, total - warmMoments);
}
