import type { DType } from "../../../graph/tensor.ts";

/** Whether a GPU's tensors of this type stand on the host, where positions are checked. */
export function isKeptOnHost(dtype: DType): boolean {
  return !dtype.startsWith("float");
}
