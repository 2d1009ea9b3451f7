import type { Assets } from "../../assets.ts";
import type { DataSet } from "../../dataset.ts";
import type { Encoder } from "../../evaluator.ts";
import type { DualEncoder } from "../../model.ts";
import type { AnyObjective } from "../../objective.ts";
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
  /** Puts what is kept on disk in front of an encoder. Default: nothing is kept. */
  readonly keep?: (encoder: Encoder) => Promise<Encoder>;
}

/** The recipe with every composer and every loss made ready. */
export async function prepareObjectives(
  recipe: Recipe,
  { device, model, parameters, keep, ...context }: Preparation,
): Promise<Recipe> {
  const isReady = ({ composer, loss }: AnyObjective) =>
    composer.prepare === undefined && loss.prepare === undefined;
  if (recipe.objectives.every(isReady)) return recipe;
  const { preprocessing } = model;
  const encoder = createEncoder({ device, model, parameters, chunk: recipe.chunk });
  const keptEncoder = async () => await keep?.(encoder) ?? encoder;
  const own = { ...context, device, encoder, keptEncoder, preprocessing };
  const objectives: AnyObjective[] = [];
  for (const each of recipe.objectives) {
    objectives.push({
      ...each,
      composer: await each.composer.prepare?.(own) ??
        each.composer,
      loss: await each.loss.prepare?.(context) ?? each.loss,
    });
  }
  // A loss that was made ready asks for what it asked for before.
  return { ...recipe, objectives: objectives as Recipe["objectives"] };
}
