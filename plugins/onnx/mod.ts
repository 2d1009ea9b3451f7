/**
 * Models from exported ONNX graphs.
 *
 * @module
 */
export { onnxModel } from "./onnx_model.ts";
export type { OnnxGraphOptions, OnnxOptions } from "./onnx_options.ts";
