import { describeComponent, type Json } from "../../../core/component.ts";
import type { Literature } from "../../../core/literature.ts";
import type { LoadedModel } from "../models/loaded_model.ts";
import { type HandTraining, trainingsOf } from "../models/trained_by_hand.ts";
import { citedEntries } from "../report/cite.ts";
import { described, namesOf } from "./card_text.ts";
import type { PlacedModel } from "./place_card.ts";

/** What the card of a model says that a script has saved. */
export function savedModel(
  model: LoadedModel,
  citations: NonNullable<Literature["citations"]>,
): PlacedModel {
  const trainings = trainingsOf(model);
  const source = describeComponent(model.source);
  const weights = typeof source.weights === "string" ? source.weights : undefined;
  return {
    summary: trainings.length === 0
      ? `A copy of ${model.name}, saved by a script`
      : `A fine-tune of ${model.name} by a script's own loop`,
    how: [
      ["Weights it began with", model.name],
      ...trainings.flatMap(trainingRows),
      ["Beside that", "what the script did with its values is not known"],
    ],
    objectives: [...new Set(trainings.flatMap(({ recipe }) => namesOf(recipe.objectives)))],
    scoring: "`evaluate` scores it.",
    references: citedEntries([source, ...trainings.map(({ recipe }) => recipe)] as Json, citations),
    ...weights === undefined ? {} : { weights },
  };
}

function trainingRows({ recipe, data, steps }: HandTraining): readonly [string, string][] {
  return [
    ["Data", data],
    ["Objectives", namesOf(recipe.objectives).join(", ")],
    ["Optimiser", described(recipe.optimizer)],
    ["Steps × batch", `${steps()} × ${recipe.batch}`],
    ["Seed", `${recipe.seed}`],
  ];
}
