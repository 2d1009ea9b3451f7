import type { Device } from "../../../../core/device/device.ts";
import { openWasm, openWebGpu } from "../../../../core/host/devices/web.ts";

/**
 * The browser's WebGPU, or wasm where there is none, which the device's reason says.
 *
 * @param wanted `"wasm"` takes it whatever else there is.
 */
export async function openPageDevice(wanted: "auto" | "wasm"): Promise<Device> {
  if (wanted === "wasm") return openWasm("asked for");
  if (!navigator.gpu) return openWasm("this browser has no WebGPU");
  try {
    const adapter = await navigator.gpu.requestAdapter({ powerPreference: "high-performance" });
    if (adapter === null) {
      return openWasm("this browser has WebGPU, but found no GPU that it takes");
    }
    return await openWebGpu(adapter, "the browser has WebGPU");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return openWasm(`the GPU refused to work: ${reason}`);
  }
}
