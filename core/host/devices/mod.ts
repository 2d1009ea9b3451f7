/**
 * Devices that run graphs on ONNX Runtime: the native CPU, WebGPU and wasm.
 *
 * @module
 */
export type {
  CompileOptions,
  Device,
  DeviceKind,
  DeviceTensor,
  HostArray,
  Program,
  Tensors,
} from "../../device/device.ts";
export { type DeviceShare, openDevice } from "./open_device.ts";
