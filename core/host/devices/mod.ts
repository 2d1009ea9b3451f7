/**
 * Devices that run graphs on ONNX Runtime: the native CPU, WebGPU and wasm.
 *
 * @module
 */
export type { Device, DeviceKind, DeviceTensor, HostArray, Program } from "../../device/device.ts";
export { openDevice } from "./open_device.ts";
