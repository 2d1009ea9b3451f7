/**
 * Running graphs on ONNX Runtime: devices, their tensors, compiled programs.
 *
 * @module
 */
export * from "./device.ts";
export { openDevice } from "./open_device.ts";
