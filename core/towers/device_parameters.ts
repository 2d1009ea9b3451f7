import type { DualEncoder, HostTensor } from "../model.ts";
import { checkFinite } from "../finite.ts";
import type { Device, DeviceTensor } from "../device/device.ts";

/** A model's parameters on a device, by name. */
export type DeviceParameters = ReadonlyMap<string, DeviceTensor>;

/**
 * Reads a model's weights and puts them on a device.
 *
 * @throws {RangeError} if a parameter holds a value that is not finite.
 */
export async function uploadParameters(
  device: Device,
  model: DualEncoder,
): Promise<DeviceParameters> {
  const values = await model.read();
  for (const { name } of model.parameters) {
    checkFinite(`${model.name}: parameter "${name}"`, values.get(name)!.data);
  }
  return new Map(model.parameters.map(({ name, shape }) => [
    name,
    device.upload(values.get(name)!.data, shape, "float32"),
  ]));
}

/** The parameters as they stand on the device now. */
export async function downloadParameters(
  parameters: DeviceParameters,
): Promise<ReadonlyMap<string, HostTensor>> {
  const values = new Map<string, HostTensor>();
  for (const [name, tensor] of parameters) {
    values.set(name, { shape: tensor.shape, data: await tensor.read() as Float32Array });
  }
  return values;
}
