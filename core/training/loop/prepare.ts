import type { Assets } from "../../assets.ts";
import type { DataSet } from "../../dataset.ts";
import type { DualEncoder } from "../../model.ts";
import type { Objective } from "../../objective.ts";
import type { Recipe } from "../../recipe.ts";
import type { Device } from "../../device/device.ts";
import { createEncoder } from "../../towers/encoder.ts";
import type { DeviceParameters } from "../../towers/device_parameters.ts";

/** What composers may prepare themselves with. */
interface Preparation {
  readonly device: Device;
  readonly model: DualEncoder;
  /** As they are before training. */
  readonly parameters: DeviceParameters;
  readonly data: DataSet;
  readonly assets: Assets;
  /** Whether this is a dry run. */
  readonly rehearsal: boolean;
  readonly log: (line: string) => void;
}

/** The recipe with every composer made ready. */
export async function prepareObjectives(
  recipe: Recipe,
  { device, model, parameters, ...context }: Preparation,
): Promise<Recipe> {
  if (recipe.objectives.every(({ composer }) => composer.prepare === undefined)) return recipe;
  const encoder = createEncoder({ device, model, parameters, chunk: recipe.chunk });
  const objectives: Objective[] = [];
  for (const each of recipe.objectives) {
    const composer = await each.composer.prepare?.({ ...context, device, encoder });
    objectives.push(composer === undefined ? each : { ...each, composer });
  }
  return { ...recipe, objectives };
}
