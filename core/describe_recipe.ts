import { describeComponent, type JsonObject } from "./component.ts";
import type { Recipe } from "./recipe.ts";

/**
 * The recipe as JSON: every setting, and each component as its name with all of its options. What
 * manifests hold and what two recipes are compared by.
 */
export function describeRecipe(recipe: Recipe): JsonObject {
  return {
    ...recipe,
    model: describeComponent(recipe.model),
    teacher: recipe.teacher === null ? null : describeComponent(recipe.teacher),
    data: describeComponent(recipe.data),
    objectives: recipe.objectives.map(({ name, composer, loss }) => ({
      name,
      composer: describeComponent(composer),
      loss: describeComponent(loss),
    })),
    optimizer: describeComponent(recipe.optimizer),
    schedule: describeComponent(recipe.schedule),
    evaluators: recipe.evaluators.map(describeComponent),
    after: recipe.after.map(describeComponent),
    hooks: recipe.hooks.map(describeComponent),
  };
}
