/**
 * The choice of a device.
 *
 * @module
 */
import { importLater } from "../../import_later.ts";
import type { Device, DeviceKind } from "../../device/device.ts";
import { findAdapter, isFallback } from "./adapter.ts";

/**
 * Opens the device asked for, or the best there is: a real GPU, else the native CPU, else wasm. A
 * software imitation of a GPU is only taken when `"webgpu"` is asked for by name.
 *
 * @throws {Error} if the device asked for is not there, saying why.
 *
 * @example
 * ```ts
 * import { openDevice } from "@syntagma/syntagma/devices";
 *
 * const device = await openDevice("cpu");
 * console.assert(device.kind === "cpu");
 * await device.dispose();
 * ```
 */
export async function openDevice(wanted: DeviceKind | "auto" = "auto"): Promise<Device> {
  switch (wanted) {
    case "cpu":
      return (await cpu()).openCpu("asked for");
    case "wasm":
      return (await web()).openWasm("asked for");
    case "webgpu": {
      const adapter = await findAdapter();
      if (adapter === undefined) {
        throw new Error(
          "device webgpu: no adapter was found; a GPU needs its Vulkan driver, and without a GPU " +
            "Debian's mesa-vulkan-drivers gives a software adapter",
        );
      }
      return await (await web()).openWebGpu(adapter, "asked for");
    }
    case "auto":
      return await openBest();
  }
}

async function openBest(): Promise<Device> {
  const adapter = await findAdapter();
  if (adapter !== undefined && !isFallback(adapter)) {
    return await (await web()).openWebGpu(adapter, "a GPU was found");
  }
  const why = adapter === undefined
    ? "no GPU was found"
    : `the only WebGPU adapter, ${adapter.info.description}, is a software one`;
  try {
    return (await cpu()).openCpu(why);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return (await web()).openWasm(
      `${why}, and ONNX Runtime's native library did not load (${reason})`,
    );
  }
}

// Each is imported when it is opened: their libraries are 250 MB each.

function cpu() {
  return importLater<typeof import("./cpu.ts")>("./cpu.ts", import.meta.url);
}

function web() {
  return importLater<typeof import("./web.ts")>("./web.ts", import.meta.url);
}
