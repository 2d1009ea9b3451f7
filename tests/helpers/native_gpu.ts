import type { Device } from "../../core/device/device.ts";
import { relu } from "../../core/graph/elementwise.ts";
import { input } from "../../core/graph/node.ts";
import { type Signature, toModel } from "../../core/graph/to_model.ts";
import { openNativeWebGpu } from "../../core/host/devices/gpu.ts";
import { cString } from "../../core/host/devices/native/api.ts";
import { Environment } from "../../core/host/devices/native/environment.ts";
import { GpuMemory } from "../../core/host/devices/native/gpu_memory.ts";
import { MemoryPool } from "../../core/host/devices/native/memory.ts";
import { inputNames } from "../../core/host/devices/native/program.ts";
import { webGpuProvider } from "../../core/host/devices/native/provider.ts";
import { Session } from "../../core/host/devices/native/session.ts";

/** The native WebGPU device of this process's Vulkan driver; undefined where Dawn does not take it. */
export async function openNativeGpu(): Promise<Device | undefined> {
  try {
    return await openNativeWebGpu(
      { description: "the driver of this process", halfPrecision: false },
      "for a test",
    );
  } catch {
    return undefined;
  }
}

/** Whether there is one. */
export async function hasNativeGpu(): Promise<boolean> {
  const device = await openNativeGpu();
  await device?.dispose();
  return device !== undefined;
}

/** Where Debian's chromium keeps a software Vulkan driver that Dawn takes; Mesa's of 2022 it refuses. */
export const swiftShader = "/usr/lib/chromium/vk_swiftshader_icd.json";

/** What the native device is made of. */
export interface NativeParts {
  readonly memory: GpuMemory;
  readonly pool: MemoryPool;
  readonly session: (signature: Signature) => Promise<Session>;
}

/** Does work with the parts of a native device, and frees them. */
export async function withNativeParts(work: (parts: NativeParts) => Promise<void>): Promise<void> {
  const environment = new Environment({ threads: 1, spinning: false });
  const pool = new MemoryPool(environment, 2 ** 20);
  const session = (signature: Signature) =>
    Session.create(
      environment,
      toModel(signature),
      inputNames(signature),
      Object.keys(signature.outputs),
      (options) => webGpuProvider.append(environment, options),
    );
  const x = input("x", "float32", [1]);
  const anchor = await session({ inputs: [x], outputs: { y: relu(x) } });
  const name = cString(webGpuProvider.memory);
  const memory = new GpuMemory(environment, anchor.handle, name, pool);
  await work({ memory, pool, session });
  await memory.dispose();
  anchor.dispose();
  environment.release();
}
