/**
 * Parameters that losses own.
 *
 * @module
 */
import type { Device } from "../../device/device.ts";
import type { DualEncoder, HostTensor, ParameterSpec } from "../../model.ts";
import type { AnyObjective } from "../../objective.ts";
import { createRandom } from "../../random.ts";
import type { Recipe } from "../../recipe.ts";
import type { DeviceParameters } from "../../towers/device_parameters.ts";
import { type OwnedParameter, ownedParameters } from "./owned_parameters.ts";
import { selectTrained } from "../optimizers/select_parameters.ts";

/** What a recipe has to train: the model's parameters and those that its losses own. */
export interface Trainable {
  /** Those of losses, trained or not. */
  readonly owned: readonly OwnedParameter[];
  /** All that training changes. */
  readonly trained: readonly ParameterSpec[];
}

/**
 * The parameters that a recipe trains.
 *
 * @throws {RangeError} if a setting names a parameter that there is none of, or nothing is left.
 */
export function trainableParameters(
  recipe: Pick<Recipe, "objectives" | "trained" | "frozen">,
  model: DualEncoder,
): Trainable {
  const owned = recipe.objectives.flatMap((each) => ownedParameters(each, model));
  const fixed = new Set(owned.filter(({ trained }) => !trained).map(({ name }) => name));
  const selected = selectTrained([...model.parameters, ...owned], recipe);
  return { owned, trained: selected.filter(({ name }) => !fixed.has(name)) };
}

/**
 * The values of parameters that losses own at the start, on a device.
 *
 * @param seed The run's.
 * @throws {TypeError} if a loss gives another number of values than its shape has places.
 */
export function uploadOwned(
  device: Device,
  objectives: readonly AnyObjective[],
  model: Pick<DualEncoder, "dim" | "text">,
  seed: number,
): DeviceParameters {
  return new Map(
    objectives.flatMap((objective) =>
      ownedParameters(objective, model).map(({ name, shape, own }) => {
        const random = createRandom(seed, "loss parameter", objective.name, own);
        const values = objective.loss.parameters![own]!.initial(shape, random);
        return [name, device.upload(values, shape, "float32")] as const;
      })
    ),
  );
}

/** Values of owned parameters by `<objective>.<name>`, for a file beside the model. */
export async function downloadOwned(
  owned: readonly OwnedParameter[],
  parameters: DeviceParameters,
): Promise<ReadonlyMap<string, HostTensor>> {
  const values = new Map<string, HostTensor>();
  for (const { name, objective, own, shape } of owned) {
    const data = await parameters.get(name)!.read() as Float32Array;
    values.set(`${objective}.${own}`, { shape, data });
  }
  return values;
}
