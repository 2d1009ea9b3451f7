/**
 * GPUs through ONNX Runtime's native library: WebGPU by Dawn, and CUDA.
 *
 * @module
 */
import { add } from "../../graph/elementwise.ts";
import { input } from "../../graph/node.ts";
import { type Signature, toModel } from "../../graph/to_model.ts";
import type { Device } from "../../device/device.ts";
import { checkHostArray } from "../../device/host_array.ts";
import { compileParted } from "../../device/parted_program.ts";
import { createProgramCache } from "../../device/program_cache.ts";
import { machineMemory } from "../machine_memory.ts";
import { cString } from "./native/api.ts";
import { Environment } from "./native/environment.ts";
import { GpuMemory } from "./native/gpu_memory.ts";
import { GpuProgram } from "./native/gpu_program.ts";
import { GpuTensor } from "./native/gpu_tensor.ts";
import { isKeptOnHost } from "./native/kept_on_host.ts";
import { MemoryPool } from "./native/memory.ts";
import { CpuProgram, inputNames } from "./native/program.ts";
import { cudaProvider, type Provider, webGpuProvider } from "./native/provider.ts";
import { Session } from "./native/session.ts";
import { CpuTensor } from "./native/tensor.ts";

/**
 * Opens WebGPU by the provider in onnxruntime-node's library: no wasm between, and no 4 GiB limit.
 *
 * @param gpu The GPU, for people, and whether it computes in float16.
 * @throws {Error} if the provider does not take the GPU or its driver.
 */
export function openNativeWebGpu(
  gpu: Pick<Device, "description" | "halfPrecision">,
  reason: string,
): Promise<Device> {
  return open(webGpuProvider, { ...gpu, description: `${gpu.description}, by Dawn`, reason });
}

/**
 * Opens CUDA, by a build of ONNX Runtime that `SYNTAGMA_ONNXRUNTIME` names.
 *
 * @throws {Error} if there is no such build, or no GPU that it takes.
 */
export function openCuda(reason: string): Promise<Device> {
  return open(cudaProvider, { description: "CUDA", halfPrecision: true, reason });
}

async function open(
  provider: Provider,
  told: Pick<Device, "description" | "halfPrecision" | "reason">,
): Promise<Device> {
  const environment = new Environment({ threads: 0, spinning: false });
  const pool = new MemoryPool(environment, machineMemory().total / 8);
  const configure = (options: bigint) => provider.append(environment, options);
  const session = (signature: Signature, onGpu: boolean) =>
    Session.create(
      environment,
      toModel(signature, onGpu ? { scatter: "nd" } : {}),
      inputNames(signature),
      Object.keys(signature.outputs),
      onGpu ? configure : undefined,
    );
  // Memory is asked for by way of a session, and stays while it is there.
  const anchor = await anchored(environment, provider, () => session(smallest, true));
  const memory = new GpuMemory(environment, anchor.handle, cString(provider.memory), pool);
  const programs = createProgramCache();
  const checkTypes = ({ inputs, outputs }: Signature) => {
    if ([...inputs, ...Object.values(outputs)].some(({ dtype }) => dtype === "float64")) {
      throw new TypeError("compile: this device cannot compute in float64; the native CPU can");
    }
  };
  return {
    kind: provider.kind,
    ...told,
    // ONNX Runtime does not tell what the GPU can hold.
    limits: {},
    upload: (data, shape, dtype) => {
      checkHostArray(data, shape, dtype);
      if (isKeptOnHost(dtype)) {
        const tensor = new CpuTensor(dtype, shape, pool);
        tensor.write(data);
        return tensor;
      }
      const cell = { dtype, shape, handle: undefined, data: data.slice() };
      return new GpuTensor(dtype, shape, memory, cell);
    },
    zeros: (shape, dtype) => {
      if (isKeptOnHost(dtype)) {
        const tensor = new CpuTensor(dtype, shape, pool);
        tensor.clear();
        return tensor;
      }
      return new GpuTensor(dtype, shape, memory, {
        dtype,
        shape,
        handle: undefined,
        data: "zeros",
      });
    },
    programs,
    compile: async (signature) => {
      checkTypes(signature);
      return await compileParted(signature, {
        host: async (part) => new CpuProgram(await session(part, false), part, false, pool),
        gpu: async (part) => {
          const made = await memory.then(() => session(part, true));
          return new GpuProgram(made, part, memory, pool);
        },
      });
    },
    dispose: async () => {
      await programs.dispose();
      await memory.dispose();
      anchor.dispose();
      pool.clear();
      environment.release();
    },
  };
}

const x = input("x", "float32", [1]);
const smallest: Signature = { inputs: [x], outputs: { y: add(x, 1) } };

async function anchored(
  environment: Environment,
  provider: Provider,
  create: () => Promise<Session>,
): Promise<Session> {
  try {
    provider.register(environment);
    return await create();
  } catch (error) {
    environment.release();
    throw error;
  }
}
