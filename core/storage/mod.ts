/**
 * Files on this machine: written whole or not at all, and tensors in the safetensors format.
 *
 * @module
 */
export * from "./atomic_file.ts";
export * from "./checkpoint.ts";
export * from "./half_precision.ts";
export { openSafetensors, type TensorFile, type TensorInfo } from "./safetensors.ts";
export * from "./safetensors_dtype.ts";
export * from "./safetensors_writer.ts";
export * from "./sharded_safetensors.ts";
export * from "./storage_error.ts";
