import type { Device } from "../../device/device.ts";

/** Whether an adapter only imitates a GPU in software. */
export function isFallback(adapter: GPUAdapter): boolean {
  return (adapter.info as { isFallbackAdapter?: boolean }).isFallbackAdapter ?? false;
}

/** An adapter for people. */
function describeAdapter(adapter: GPUAdapter): string {
  const { description, vendor } = adapter.info;
  return `${description || vendor}${isFallback(adapter) ? " (software)" : ""}`;
}

/** What a device on an adapter tells of it. */
export function adapterFacts(adapter: GPUAdapter): Pick<Device, "description" | "halfPrecision"> {
  return {
    description: describeAdapter(adapter),
    halfPrecision: adapter.features.has("shader-f16"),
  };
}

/**
 * How many dispatches of ONNX Runtime's WebGPU go to the GPU together. By default it is 16, and the
 * driver is called as often again.
 */
export const PENDING_DISPATCHES = "256";
