import type { JsonObject } from "../../../core/component.ts";
import type { LoadedModel } from "./loaded_model.ts";

/** How a model was trained by hand. */
export interface HandTraining {
  /** The settings, as a recipe's are described. */
  readonly recipe: JsonObject;
  /** The data's name. */
  readonly data: string;
  /** Steps done so far. */
  steps(): number;
}

const trainings = new WeakMap<LoadedModel, HandTraining[]>();

/** Keeps in mind that a model is trained, for its card. */
export function noteTraining(model: LoadedModel, training: HandTraining): void {
  trainings.set(model, [...trainings.get(model) ?? [], training]);
}

/** How a model was trained since it was loaded, in order. */
export function trainingsOf(model: LoadedModel): readonly HandTraining[] {
  return (trainings.get(model) ?? []).filter(({ steps }) => steps() > 0);
}
