/**
 * Running graphs on ONNX Runtime: devices, their tensors, compiled programs.
 *
 * @module
 */
export { describeDevice } from "../../device/describe_device.ts";
export type {
  CompileOptions,
  Device,
  DeviceKind,
  DeviceTensor,
  HostArray,
  Program,
  Tensors,
} from "../../device/device.ts";
export { openDevice } from "./open_device.ts";
