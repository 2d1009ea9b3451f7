/**
 * Running graphs on ONNX Runtime: devices, their tensors, compiled programs.
 *
 * @module
 */
export { describeDevice } from "./describe_device.ts";
export * from "./device.ts";
export { createHostArray } from "./host_array.ts";
export { meterDevice, type MeteredDevice } from "./metered.ts";
export { openDevice } from "./open_device.ts";
export { type RehearsalDevice, rehearse } from "./rehearsal.ts";
