/**
 * WebGPU and wasm through onnxruntime-web.
 *
 * @module
 */
import { adapterFacts, PENDING_DISPATCHES } from "./adapter.ts";
import * as ort from "onnxruntime-web/webgpu";
import type { DType, Shape } from "../../graph/tensor.ts";
import { type ModelOptions, type Signature, toModel } from "../../graph/to_model.ts";
import { sizeOf } from "../../graph/node.ts";
import type { Device, DeviceTensor, HostArray, Program, Tensors } from "../../device/device.ts";
import { compileParted } from "../../device/parted_program.ts";
import { createProgramCache } from "../../device/program_cache.ts";
import { bytesPerElement, checkHostArray, createHostArray } from "../../device/host_array.ts";
import { checkTensors } from "../../device/signature_check.ts";
import { watchRefusals } from "./gpu_refusals.ts";

/**
 * Opens a WebGPU adapter. All of its limits are asked for, so that large parameters fit.
 *
 * @throws {Error} if the adapter refuses a device.
 */
export async function openWebGpu(adapter: GPUAdapter, reason: string): Promise<Device> {
  const limits = {
    maxBufferSize: adapter.limits.maxBufferSize,
    maxStorageBufferBindingSize: adapter.limits.maxStorageBufferBindingSize,
    maxComputeWorkgroupStorageSize: adapter.limits.maxComputeWorkgroupStorageSize,
    maxComputeInvocationsPerWorkgroup: adapter.limits.maxComputeInvocationsPerWorkgroup,
    maxComputeWorkgroupSizeX: adapter.limits.maxComputeWorkgroupSizeX,
    maxComputeWorkgroupSizeY: adapter.limits.maxComputeWorkgroupSizeY,
    maxComputeWorkgroupSizeZ: adapter.limits.maxComputeWorkgroupSizeZ,
    maxComputeWorkgroupsPerDimension: adapter.limits.maxComputeWorkgroupsPerDimension,
    maxStorageBuffersPerShaderStage: adapter.limits.maxStorageBuffersPerShaderStage,
  };
  const wanted: GPUFeatureName[] = ["shader-f16", "subgroups" as GPUFeatureName];
  const gpu = await adapter.requestDevice({
    requiredLimits: limits,
    requiredFeatures: wanted.filter((feature) => adapter.features.has(feature)),
  });
  const memory = gpuMemory(gpu);
  const options = {
    executionProviders: [{ name: "webgpu", device: gpu }],
    preferredOutputLocation: "gpu-buffer",
    extra: { ep: { webgpuexecutionprovider: { maxNumPendingDispatches: PENDING_DISPATCHES } } },
  } as const;
  const compile = (signature: Signature) =>
    compileParted(signature, {
      host: compileWasm,
      gpu: (signature) => compileOn(signature, memory, options),
      buffers: limits.maxStorageBuffersPerShaderStage,
    });
  return {
    ...webDevice(memory, compile, () => gpu.destroy()),
    kind: "webgpu",
    ...adapterFacts(adapter),
    reason,
    limits,
  };
}

/** Opens WebAssembly on the processor. */
export function openWasm(reason: string): Device {
  return {
    ...webDevice(hostMemory, compileWasm, () => {}),
    kind: "wasm",
    description: "WebAssembly on the processor",
    reason,
    halfPrecision: false,
    limits: { maxMemoryBytes: 2 ** 32 },
  };
}

/** Where tensors live: on the GPU, or in the memory that wasm is fed from. */
interface Memory {
  /** Element types that programs cannot compute with. */
  readonly lacks: readonly DType[];
  /** How graphs are written for it. */
  readonly model: ModelOptions;
  upload(data: HostArray, shape: Shape, dtype: DType): ort.Tensor;
  /** A copy of the values. */
  download(value: ort.Tensor): Promise<HostArray>;
  /** Sets the values to zero where they are, by the next {@linkcode Memory.flush}. */
  clear(value: ort.Tensor): void;
  /** Does what is still to do. */
  flush(): void;
  /** An error of a run, with what the GPU said of it. */
  explain(error: unknown): Promise<unknown>;
}

function webDevice(
  memory: Memory,
  compile: (signature: Signature) => Promise<Program>,
  dispose: () => void,
): Pick<Device, "upload" | "zeros" | "programs" | "compile" | "dispose"> {
  const programs = createProgramCache();
  return {
    programs,
    upload: (data, shape, dtype) => {
      checkHostArray(data, shape, dtype);
      return new WebTensor(dtype, shape, own(memory.upload(data, shape, dtype)), memory);
    },
    zeros: (shape, dtype) => {
      const data = createHostArray(dtype, sizeOf(shape));
      return new WebTensor(dtype, shape, own(memory.upload(data, shape, dtype)), memory);
    },
    compile: async (signature) => {
      checkTypes(signature, memory.lacks);
      return await compile(signature);
    },
    dispose: async () => {
      await programs.dispose();
      dispose();
    },
  };
}

async function compileOn(
  signature: Signature,
  memory: Memory,
  options: ort.InferenceSession.SessionOptions,
): Promise<Program> {
  const model = toModel(signature, memory.model);
  const session = await ort.InferenceSession.create(model, { ...options, logSeverityLevel: 3 });
  return new WebProgram(session, signature, memory);
}

function compileWasm(signature: Signature): Promise<Program> {
  return compileOn(signature, hostMemory, { executionProviders: ["wasm"] });
}

function checkTypes({ inputs, outputs }: Signature, lacks: readonly DType[]): void {
  for (const { dtype } of [...inputs, ...Object.values(outputs)]) {
    if (lacks.includes(dtype)) {
      throw new TypeError(`compile: this device cannot compute in ${dtype}; the native CPU can`);
    }
  }
}

/** Values that are freed once. */
interface Held {
  readonly value: ort.Tensor;
  free(): void;
}

/** Values that nothing else has a part in. */
function own(value: ort.Tensor): Held {
  return { value, free: () => value.dispose() };
}

class WebTensor implements DeviceTensor {
  readonly bytes: number;
  readonly #memory: Memory;
  #held: Held | undefined;

  constructor(readonly dtype: DType, readonly shape: Shape, held: Held, memory: Memory) {
    this.bytes = bytesPerElement[dtype] * sizeOf(shape);
    this.#held = held;
    this.#memory = memory;
  }

  get value(): ort.Tensor {
    if (this.#held === undefined) throw new Error("tensor: used after it was disposed");
    return this.#held.value;
  }

  /** Takes the place of the old memory, which is freed. */
  replace(held: Held): void {
    if (this.#held === undefined) throw new Error("tensor: used after it was disposed");
    this.#memory.flush();
    this.#held.free();
    this.#held = held;
  }

  async read(): Promise<HostArray> {
    this.#memory.flush();
    return await this.#memory.download(this.value);
  }

  write(data: HostArray): void {
    checkHostArray(data, this.shape, this.dtype);
    this.replace(own(this.#memory.upload(data, this.shape, this.dtype)));
  }

  clear(): void {
    this.#memory.clear(this.value);
  }

  dispose(): void {
    if (this.#held === undefined) throw new Error("tensor: disposed twice");
    this.#memory.flush();
    this.#held.free();
    this.#held = undefined;
  }
}

class WebProgram implements Program {
  readonly #session: ort.InferenceSession;
  readonly #signature: Signature;
  readonly #memory: Memory;
  #results = 0;
  #disposed = false;

  constructor(session: ort.InferenceSession, signature: Signature, memory: Memory) {
    this.#session = session;
    this.#signature = signature;
    this.#memory = memory;
  }

  async run(inputs: Tensors, into: Tensors = {}): Promise<Record<string, DeviceTensor>> {
    checkTensors(this.#signature, inputs, into);
    const feeds: Record<string, ort.Tensor> = {};
    for (const [name, tensor] of Object.entries(inputs)) feeds[name] = (tensor as WebTensor).value;
    this.#memory.flush();
    const results = await this.#session.run(feeds).catch(async (error) => {
      throw await this.#memory.explain(error);
    });
    const fresh: Record<string, DeviceTensor> = {};
    for (const [name, { dtype, shape }] of Object.entries(this.#signature.outputs)) {
      const target = into[name] as WebTensor | undefined;
      const held = this.#lend(results[name]!);
      if (target === undefined) fresh[name] = new WebTensor(dtype, shape, held, this.#memory);
      else target.replace(held);
    }
    return fresh;
  }

  /**
   * A result. Its memory goes back to the session's allocator, so that the session is kept until
   * the last of its results is freed.
   */
  #lend(value: ort.Tensor): Held {
    this.#results++;
    return {
      value,
      free: () => {
        value.dispose();
        this.#results--;
        if (this.#disposed && this.#results === 0) this.#session.release();
      },
    };
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    if (this.#results === 0) await this.#session.release();
  }
}

/** ORT's own view of halves is a Float16Array where there is one; ours is their bits. */
function bitsOf(data: HostArray | Float16Array): HostArray {
  return data instanceof Float16Array
    ? new Uint16Array(data.buffer, data.byteOffset, data.length)
    : data;
}

const hostMemory: Memory = {
  lacks: ["float64"],
  model: {},
  upload: (data, shape, dtype) => wrap(dtype, shape, data.slice()),
  download: (value) => Promise.resolve(bitsOf(value.data as HostArray).slice()),
  clear: clearOnHost,
  flush: () => {},
  explain: (error) => Promise.resolve(error),
};

function clearOnHost(value: ort.Tensor): void {
  const { buffer, byteOffset, byteLength } = value.data as HostArray;
  new Uint8Array(buffer, byteOffset, byteLength).fill(0);
}

function gpuMemory(gpu: GPUDevice): Memory {
  // All that is cleared between two runs goes to the GPU together.
  let clearing: GPUCommandEncoder | undefined;
  const refusals = watchRefusals(gpu);
  return {
    lacks: ["float64"],
    model: { scatter: "nd" },
    upload: (data, shape, dtype) => {
      // Integers and conditions stay on the host: ONNX Runtime places them itself, and the
      // operators that read them (positions, shapes) may run on either side.
      if (dtype !== "float32" && dtype !== "float16") return wrap(dtype, shape, data.slice());
      const buffer = gpu.createBuffer({
        size: Math.max(16, Math.ceil(data.byteLength / 16) * 16),
        usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
        mappedAtCreation: true,
      });
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      new Uint8Array(buffer.getMappedRange()).set(bytes);
      buffer.unmap();
      const dispose = () => buffer.destroy();
      return ort.Tensor.fromGpuBuffer(buffer, { dataType: dtype, dims: shape, dispose });
    },
    // Not getData(): after it ONNX Runtime takes the tensor for one of the host's, and would copy
    // it to the GPU for every run.
    download: async (value) => {
      if (value.location !== "gpu-buffer") return bitsOf(value.data as HostArray).slice();
      const array = await copyFromGpu(gpu, value);
      refusals.check();
      return array;
    },
    clear: (value) => {
      if (value.location !== "gpu-buffer") return clearOnHost(value);
      clearing ??= gpu.createCommandEncoder();
      clearing.clearBuffer(value.gpuBuffer as GPUBuffer);
    },
    flush: () => {
      if (clearing === undefined) return;
      gpu.queue.submit([clearing.finish()]);
      clearing = undefined;
    },
    explain: refusals.explain,
  };
}

async function copyFromGpu(
  gpu: GPUDevice,
  { gpuBuffer, type, size }: ort.Tensor,
): Promise<HostArray> {
  const array = createHostArray(type as DType, size);
  const length = Math.ceil(array.byteLength / 4) * 4;
  const staging = gpu.createBuffer({
    size: Math.max(4, length),
    usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
  });
  const encoder = gpu.createCommandEncoder();
  encoder.copyBufferToBuffer(gpuBuffer as GPUBuffer, 0, staging, 0, length);
  gpu.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const bytes = new Uint8Array(staging.getMappedRange(), 0, array.byteLength);
  new Uint8Array(array.buffer).set(bytes);
  staging.destroy();
  return array;
}

function wrap(dtype: DType, shape: Shape, data: HostArray): ort.Tensor {
  return new ort.Tensor(dtype as "float32", data as Float32Array, shape);
}
