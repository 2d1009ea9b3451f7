/** Whether an adapter only imitates a GPU in software. */
export function isFallback(adapter: GPUAdapter): boolean {
  return (adapter.info as { isFallbackAdapter?: boolean }).isFallbackAdapter ?? false;
}

/** An adapter for people. */
export function describeAdapter(adapter: GPUAdapter): string {
  const { description, vendor } = adapter.info;
  return `${description || vendor}${isFallback(adapter) ? " (software)" : ""}`;
}

/**
 * How many dispatches of ONNX Runtime's WebGPU go to the GPU together. By default it is 16, and the
 * driver is called as often again.
 */
export const PENDING_DISPATCHES = "256";
