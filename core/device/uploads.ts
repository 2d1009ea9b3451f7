import type { DType, Shape } from "../graph/tensor.ts";
import type { Device, DeviceTensor, HostArray } from "./device.ts";

/** Values for a tensor. */
export interface HostInput {
  /** Row-major. */
  readonly data: HostArray;
  /** `[]` for a scalar. */
  readonly shape: Shape;
  /** Type of each element. */
  readonly dtype: DType;
}

/** Puts values on a device, one tensor for each, under the same name. */
export type Upload = <K extends string>(
  inputs: Readonly<Record<K, HostInput>>,
) => Readonly<Record<K, DeviceTensor>>;

/** Does work with tensors that are uploaded for it and freed when it ends, however it ends. */
export async function withUploads<T>(
  device: Device,
  work: (upload: Upload) => Promise<T>,
): Promise<T> {
  const made: DeviceTensor[] = [];
  const upload: Upload = <K extends string>(inputs: Readonly<Record<K, HostInput>>) => {
    const held: Partial<Record<K, DeviceTensor>> = {};
    for (const name of Object.keys(inputs) as K[]) {
      const { data, shape, dtype } = inputs[name];
      made.push(held[name] = device.upload(data, shape, dtype));
    }
    return held as Record<K, DeviceTensor>;
  };
  try {
    return await work(upload);
  } finally {
    for (const tensor of made) tensor.dispose();
  }
}
