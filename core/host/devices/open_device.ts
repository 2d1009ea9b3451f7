/**
 * The choice of a device.
 *
 * @module
 */
import { importLater } from "../../import_later.ts";
import type { Device, DeviceKind } from "../../device/device.ts";
import { adapterFacts, isFallback } from "./adapter.ts";
import { findAdapter } from "./find_adapter.ts";

/**
 * Opens the device asked for, or the best there is: a real GPU, else the native CPU, else wasm. A
 * software imitation of a GPU is only taken when `"webgpu"` is asked for by name. WebGPU is that of ONNX
 * Runtime's native library where it takes the driver, else onnxruntime-web's. CUDA is taken only when it
 * is asked for.
 *
 * @param share What of the machine it takes; so far the native CPU keeps to it. Default: all of it.
 * @param share.threads Threads that compute. Default: 0, one for each physical core.
 * @param share.processes Processes that share the machine's memory with this one, itself included.
 *   Default: 1.
 * @param share.modelSize Says how many parameters the model has that will be computed, when the first
 *   tensor is made: beside the steps of a small one the native CPU leaves cores that it does not need
 *   to other work. Default: many.
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
export async function openDevice(
  wanted: DeviceKind | "auto" = "auto",
  share: {
    readonly threads?: number;
    readonly processes?: number;
    readonly modelSize?: () => number | undefined;
  } = {},
): Promise<Device> {
  switch (wanted) {
    case "cpu":
      return (await cpu()).openCpu("asked for", share);
    case "cuda":
      return await (await gpu()).openCuda("asked for");
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
      return await openWebGpu(adapter, "asked for");
    }
    case "auto":
      return await openBest(share);
  }
}

async function openBest(share: Parameters<typeof openDevice>[1]): Promise<Device> {
  const adapter = await findAdapter();
  if (adapter !== undefined && !isFallback(adapter)) {
    return await openWebGpu(adapter, "a GPU was found");
  }
  const why = adapter === undefined
    ? "no GPU was found"
    : `the only WebGPU adapter, ${adapter.info.description}, is a software one`;
  try {
    return (await cpu()).openCpu(why, share);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return (await web()).openWasm(
      `${why}, and ONNX Runtime's native library did not load (${reason})`,
    );
  }
}

/** The native provider has no wasm between, and no limit of 4 GiB. */
async function openWebGpu(adapter: GPUAdapter, reason: string): Promise<Device> {
  let why = "the permission --allow-ffi is not given";
  if (Deno.permissions.querySync({ name: "ffi" }).state === "granted") {
    try {
      return await (await gpu()).openNativeWebGpu(adapterFacts(adapter), reason);
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      // Without the place in ONNX Runtime's source that it begins with.
      why = message.trim().replace(/^.* was false\. /s, "");
    }
  }
  return await (await web()).openWebGpu(
    adapter,
    `${reason}; by onnxruntime-web, since the native library cannot: ${why}`,
  );
}

// Each is imported when it is opened: their libraries are 250 MB each.

function cpu() {
  return importLater<typeof import("./cpu.ts")>("./cpu.ts", import.meta.url);
}

function gpu() {
  return importLater<typeof import("./gpu.ts")>("./gpu.ts", import.meta.url);
}

function web() {
  return importLater<typeof import("./web.ts")>("./web.ts", import.meta.url);
}
