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

/** The best adapter of WebGPU, if there is any. */
export async function findAdapter(): Promise<GPUAdapter | undefined> {
  quietDrivers();
  return await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" }) ?? undefined;
}

/** Where Wayland's sockets would be. */
const RUNTIME_FOLDER = "XDG_RUNTIME_DIR";

/**
 * Keeps a line off the terminal that reads like a failure: Linux's graphics drivers ask for a Wayland
 * display, and where nobody is logged in at a screen (containers, ssh, cron) Wayland's library writes
 * "error: XDG_RUNTIME_DIR is invalid or not set in the environment" each time. With a folder that has
 * no display in it, it looks and finds none.
 */
function quietDrivers(): void {
  const isNeeded = Deno.build.os === "linux" &&
    Deno.permissions.querySync({ name: "env", variable: RUNTIME_FOLDER }).state === "granted" &&
    !Deno.env.get(RUNTIME_FOLDER)?.startsWith("/");
  if (isNeeded) Deno.env.set(RUNTIME_FOLDER, "/nonexistent");
}

/**
 * How many dispatches of ONNX Runtime's WebGPU go to the GPU together. By default it is 16, and the
 * driver is called as often again.
 */
export const PENDING_DISPATCHES = "256";
