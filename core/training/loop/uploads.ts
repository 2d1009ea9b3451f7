import type { Device, DeviceTensor } from "../../device/device.ts";

/** Does work with tensors that are uploaded for it and freed when it ends, however it ends. */
export async function withUploads<T>(
  device: Device,
  work: (upload: Device["upload"]) => Promise<T>,
): Promise<T> {
  const made: DeviceTensor[] = [];
  try {
    return await work((data, shape, dtype) => {
      const tensor = device.upload(data, shape, dtype);
      made.push(tensor);
      return tensor;
    });
  } finally {
    for (const tensor of made) tensor.dispose();
  }
}
