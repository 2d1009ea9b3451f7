import { sizeOf } from "../graph/node.ts";
import type { DualEncoder, HostTensor, ParameterSpec } from "../model.ts";
import { checkFinite } from "../finite.ts";
import type { Device, DeviceTensor } from "../device/device.ts";

/** A model's parameters on a device, by name. */
export type DeviceParameters = ReadonlyMap<string, DeviceTensor>;

/** The most numbers that are read before they are put on a device, a larger tensor aside: 256 MB. */
const AT_ONCE = 64e6;

/**
 * Puts a model's weights on a device, some after others: beside them there are never two copies of all.
 *
 * @param onTensor Sees each as it was read.
 * @throws {RangeError} if a parameter is not among what was read, or holds a value that is not finite.
 */
export async function uploadParameters(
  device: Device,
  model: DualEncoder,
  onTensor: (tensor: HostTensor) => void = () => {},
): Promise<ReadonlyMap<string, DeviceTensor>> {
  const parameters = new Map<string, DeviceTensor>();
  try {
    for (const group of parameterGroups(model.parameters, AT_ONCE)) {
      const values = await model.read(group.map(({ name }) => name));
      for (const { name, shape } of group) {
        const tensor = values.get(name);
        if (tensor === undefined) {
          throw new RangeError(
            `${model.name}: expected read to give "${name}", found none of that name`,
          );
        }
        checkFinite(`${model.name}: parameter "${name}"`, tensor.data);
        onTensor(tensor);
        parameters.set(name, device.upload(tensor.data, shape, "float32"));
      }
    }
    return parameters;
  } catch (error) {
    for (const tensor of parameters.values()) tensor.dispose();
    throw error;
  }
}

/** Parameters in their order, each group with at most so many values, or of one. */
export function parameterGroups(
  parameters: readonly ParameterSpec[],
  most: number,
): readonly (readonly ParameterSpec[])[] {
  const groups: ParameterSpec[][] = [];
  let room = 0;
  for (const spec of parameters) {
    const size = sizeOf(spec.shape);
    if (groups.length === 0 || size > room) {
      groups.push([]);
      room = most;
    }
    groups.at(-1)!.push(spec);
    room -= size;
  }
  return groups;
}

/** Values as they stand on the device now, one at a time. */
export function valuesOnDevice(
  parameters: DeviceParameters,
): (name: string) => Promise<HostTensor> {
  return async (name) => {
    const tensor = parameters.get(name)!;
    return { shape: tensor.shape, data: await tensor.read() as Float32Array };
  };
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
  const valueOf = valuesOnDevice(parameters);
  const values = new Map<string, HostTensor>();
  for (const name of parameters.keys()) values.set(name, await valueOf(name));
  return values;
}
