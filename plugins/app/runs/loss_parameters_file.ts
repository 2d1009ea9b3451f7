import { writeSafetensors } from "../../../core/host/storage/safetensors_writer.ts";
import type { DeviceParameters } from "../../../core/towers/device_parameters.ts";
import { downloadOwned } from "../../../core/training/loop/loss_parameters.ts";
import type { OwnedParameter } from "../../../core/training/loop/owned_parameters.ts";

/**
 * Writes the parameters that losses own beside the model, `losses.safetensors`, by
 * `<objective>.<name>`. Nothing is written where there are none.
 *
 * @param folder A model folder that stands.
 */
export async function writeLossParameters(
  folder: string,
  owned: readonly OwnedParameter[],
  parameters: DeviceParameters,
): Promise<void> {
  if (owned.length === 0) return;
  const values = await downloadOwned(owned, parameters);
  await writeSafetensors(
    `${folder}/losses.safetensors`,
    [...values].map(([name, { shape, data }]) => ({
      ...{ name, shape, dtype: "F32" as const },
      data: data as Float32Array<ArrayBuffer>,
    })),
    { format: "pt" },
  );
}
