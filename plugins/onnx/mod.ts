/**
 * Exported ONNX graphs as models, and as frozen parts of losses.
 *
 * @module
 */
export { onnxModel } from "./onnx_model.ts";
export { textReconstruction } from "./text_reconstruction.ts";
export type { OnnxGraphOptions, OnnxOptions } from "./onnx_options.ts";
