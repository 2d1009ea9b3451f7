import type { HostArray } from "../device/device.ts";
import { viewHostArray } from "../device/host_array.ts";
import { sizeOf } from "./node.ts";
import type { Node } from "./tensor.ts";

/** The values of a constant's node, as the host holds its type: bits of float16, bigints of int64. */
export function constantArray({ constantBytes, outputs: [tensor] }: Node): HostArray {
  const { buffer, byteOffset } = constantBytes!;
  return viewHostArray(tensor!.dtype, buffer as ArrayBuffer, byteOffset, sizeOf(tensor!.shape));
}
