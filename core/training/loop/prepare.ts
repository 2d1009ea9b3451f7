import type { Assets } from "../../assets.ts";
import type { DataSet } from "../../dataset.ts";
import type { DualEncoder } from "../../model.ts";
import type { AnyObjective } from "../../objective.ts";
import type { Recipe } from "../../recipe.ts";
import type { Device } from "../../device/device.ts";
import { alone, type Exchange } from "../../processes/exchange.ts";
import { partedEncoder } from "../../processes/parted_encoder.ts";
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
  /** Where processes meet that share the run. Default: this one is alone. */
  readonly exchange?: Exchange;
  /** Whether this is a dry run. */
  readonly rehearsal: boolean;
  readonly log: (line: string) => void;
}

/** The recipe with every composer and every loss made ready. */
export async function prepareObjectives(
  recipe: Recipe,
  { device, model, parameters, ...context }: Preparation,
): Promise<Recipe> {
  const isReady = ({ composer, loss }: AnyObjective) =>
    composer.prepare === undefined && loss.prepare === undefined;
  if (recipe.objectives.every(isReady)) return recipe;
  const { chunk } = recipe;
  const { exchange = alone } = context;
  const own = createEncoder({ device, model, parameters, chunk });
  const encoder = partedEncoder(own, exchange, { pictures: chunk });
  const objectives: AnyObjective[] = [];
  for (const each of recipe.objectives) {
    objectives.push({
      ...each,
      composer: await each.composer.prepare?.({ ...context, device, encoder }) ?? each.composer,
      loss: await each.loss.prepare?.(context) ?? each.loss,
    });
  }
  // A loss that was made ready asks for what it asked for before.
  return { ...recipe, objectives: objectives as Recipe["objectives"] };
}
