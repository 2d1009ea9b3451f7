import type { DType, Shape } from "../graph/tensor.ts";
import type { Device, DeviceTensor, HostArray } from "./device.ts";
import { bytesPerElement } from "./host_array.ts";
import { sizeOf } from "../graph/node.ts";

/** Values of a tensor on the host. */
export interface LateValue {
  readonly data: HostArray;
  readonly shape: Shape;
  readonly dtype: DType;
}

/** A tensor that takes memory on its device only once something there asks for it. */
export interface LateTensor extends DeviceTensor {
  /** The tensor on the device, which this one owns. */
  real(): DeviceTensor;
}

/**
 * A tensor of these values, which are read and not changed.
 *
 * @param held Hears of the bytes that it would take and does not: more when it is made, less when it is
 *   freed or really takes them.
 */
export function lateTensor(
  device: Pick<Device, "upload">,
  { data, shape, dtype }: LateValue,
  held: (bytes: number) => void,
): LateTensor {
  const bytes = bytesPerElement[dtype] * sizeOf(shape);
  let uploaded: DeviceTensor | undefined;
  let isOpen = true;
  held(bytes);
  const real = () => {
    if (!isOpen) throw new Error("tensor: used after it was disposed");
    if (uploaded === undefined) {
      uploaded = device.upload(data, shape, dtype);
      held(-bytes);
    }
    return uploaded;
  };
  return {
    ...{ dtype, shape, bytes, real },
    read: () => uploaded === undefined && isOpen ? Promise.resolve(data.slice()) : real().read(),
    write: (values) => real().write(values),
    clear: () => real().clear(),
    dispose: () => {
      if (!isOpen) throw new Error("tensor: disposed twice");
      isOpen = false;
      if (uploaded === undefined) held(-bytes);
      else uploaded.dispose();
    },
  };
}

/** Whether a tensor is such a one. */
export function isLate(tensor: DeviceTensor): tensor is LateTensor {
  return "real" in tensor;
}
