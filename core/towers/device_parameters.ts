import type { DualEncoder, HostTensor } from "../model.ts";
import { checkFinite } from "../finite.ts";
import type { Device, DeviceTensor } from "../device/device.ts";

/** A model's parameters on a device, by name. */
export type DeviceParameters = ReadonlyMap<string, DeviceTensor>;

/**
 * Puts a model's weights on a device.
 *
 * @param known Their values, where they were read before. Default: they are read now.
 * @throws {RangeError} if a parameter holds a value that is not finite.
 */
export async function uploadParameters(
  device: Device,
  model: DualEncoder,
  known?: ReadonlyMap<string, HostTensor>,
): Promise<ReadonlyMap<string, DeviceTensor>> {
  const values = known ?? await model.read();
  for (const { name } of model.parameters) {
    checkFinite(`${model.name}: parameter "${name}"`, values.get(name)!.data);
  }
  return new Map(model.parameters.map(({ name, shape }) => [
    name,
    device.upload(values.get(name)!.data, shape, "float32"),
  ]));
}

/** Copies of some parameters as they stand now, in memory of their own. */
export async function copyParameters(
  device: Device,
  parameters: DeviceParameters,
  names: readonly string[],
): Promise<DeviceParameters> {
  const copies = new Map<string, DeviceTensor>();
  for (const name of names) {
    const tensor = parameters.get(name)!;
    copies.set(name, device.upload(await tensor.read(), tensor.shape, tensor.dtype));
  }
  return copies;
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
