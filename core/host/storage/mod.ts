/**
 * Files on this machine: written whole or not at all, and tensors in safetensors files and
 * PyTorch's checkpoints.
 *
 * @module
 */
export { openCheckpoint } from "./checkpoint.ts";
export type { SafetensorsDtype, TensorData } from "./safetensors_dtype.ts";
export { type TensorToWrite, writeSafetensors } from "./safetensors_writer.ts";
export type { TensorFile, TensorInfo } from "./tensor_file.ts";
