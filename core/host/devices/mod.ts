/**
 * Running graphs on ONNX Runtime: devices, their tensors, compiled programs.
 *
 * @module
 */
export { describeDevice } from "../../device/describe_device.ts";
export * from "../../device/device.ts";
export { createHostArray } from "../../device/host_array.ts";
export { meterDevice, type MeteredDevice } from "../../device/metered.ts";
export { openDevice } from "./open_device.ts";
export { type RehearsalDevice, rehearse } from "../../device/rehearsal.ts";
