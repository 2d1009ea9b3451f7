/**
 * ONNX Runtime's execution providers for GPUs.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { check, created, cString } from "./api.ts";
import type { Environment } from "./environment.ts";
import { PENDING_DISPATCHES } from "../adapter.ts";
import { libraryPath } from "./library.ts";

/** What computes in the place of the processor. */
export interface Provider {
  /** The device's kind. */
  readonly kind: "webgpu" | "cuda";
  /** ONNX Runtime's name of the provider's memory. */
  readonly memory: string;
  /**
   * Makes the provider known, once.
   *
   * @throws {Error} if what it needs is not there.
   */
  register(environment: Environment): void;
  /**
   * Adds it to a session's options.
   *
   * @throws {Error} if there is no such device.
   */
  append(environment: Environment, options: bigint): void;
}

/** WebGPU by Dawn, which onnxruntime-node's library contains. */
export const webGpuProvider: Provider = {
  kind: "webgpu",
  memory: "WebGPU_Buffer",
  register: () => {},
  append: (environment, options) => {
    const { api } = environment;
    const setting = "ep.webgpuexecutionprovider.maxNumPendingDispatches";
    environment.set(options, setting, PENDING_DISPATCHES);
    check(
      api,
      api.SessionOptionsAppendExecutionProvider(options, cString("WebGPU"), 0n, 0n, 0n),
    );
  },
};

const cudaLibrary: Readonly<Partial<Record<typeof Deno.build.os, string>>> = {
  linux: "libonnxruntime_providers_cuda.so",
  windows: "onnxruntime_providers_cuda.dll",
};

// As long as the process: so is ONNX Runtime's environment, which knows the library by its name.
let isCudaRegistered = false;

/** CUDA, by a build of ONNX Runtime that the user names. */
export const cudaProvider: Provider = {
  kind: "cuda",
  memory: "Cuda",
  register: ({ api, handle }) => {
    if (isCudaRegistered) return;
    const name = cudaLibrary[Deno.build.os];
    if (name === undefined) {
      throw new Error(`device cuda: ONNX Runtime has none for ${Deno.build.os}`);
    }
    const path = join(dirname(libraryPath()), name);
    try {
      Deno.statSync(path);
    } catch (cause) {
      throw new Error(
        `device cuda: expected ${path} beside ONNX Runtime's library; SYNTAGMA_ONNXRUNTIME names ` +
          "the library of a build with CUDA (libonnxruntime.so of onnxruntime-linux-x64-gpu)",
        { cause },
      );
    }
    check(
      api,
      api.RegisterExecutionProviderLibrary(handle, cString("CUDAExecutionProvider"), cPath(path)),
    );
    isCudaRegistered = true;
  },
  append: ({ api }, options) => {
    const own = created(api, api.CreateCUDAProviderOptions);
    try {
      check(api, api.SessionOptionsAppendExecutionProvider_CUDA_V2(options, own));
    } finally {
      api.ReleaseCUDAProviderOptions(own);
    }
  },
};

/** ONNX Runtime takes paths as UTF-16 on Windows. */
function cPath(path: string): Uint8Array<ArrayBuffer> {
  if (Deno.build.os !== "windows") return cString(path);
  const units = Uint16Array.from({ length: path.length + 1 }, (_, i) => path.charCodeAt(i) || 0);
  return new Uint8Array(units.buffer);
}
