import type { SafetensorsDtype } from "../../core/host/storage/safetensors_dtype.ts";

/** The element types of a checkpoint that have something between two values. */
export type FloatDtype = "F16" | "BF16" | "F32" | "F64";

/**
 * The element type of patched floats: `"pretrained"`, that which each tensor has in the pretrained
 * checkpoint, or `"float32"` for all.
 *
 * A patched model is meant to stand in for the pretrained one, so it has its types. Weights in a
 * half precision have a price, though: values of float16 lie a 1024th to a 2048th of themselves
 * apart, those of bfloat16 eight times as far, and a step of training that moved a weight by less
 * than half of that (short fine-tunes with a learning rate of 1e-6 do) is rounded away. How many
 * changes were is told; `"float32"` keeps them all.
 */
export type PatchedDtype = "pretrained" | "float32";

/** Both choices. */
export const patchedDtypes = ["pretrained", "float32"] as const;

/** Whether a type is one of floats. */
export function isFloatDtype(dtype: SafetensorsDtype): dtype is FloatDtype {
  return ["F16", "BF16", "F32", "F64"].includes(dtype);
}
