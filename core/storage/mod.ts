/**
 * Files on this machine: written whole or not at all, and tensors in safetensors files and
 * PyTorch's checkpoints.
 *
 * @module
 */
export * from "./atomic_file.ts";
export * from "./checkpoint.ts";
export * from "./half_precision.ts";
export * from "./read_json.ts";
export * from "./read_text.ts";
export * from "./safetensors.ts";
export * from "./safetensors_dtype.ts";
export * from "./safetensors_writer.ts";
export * from "./storage_error.ts";
export type { TensorFile, TensorInfo } from "./tensor_file.ts";
export { openTorchCheckpoint } from "./torch_checkpoint.ts";
