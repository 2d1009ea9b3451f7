/**
 * WebGPU and wasm through onnxruntime-web.
 *
 * @module
 */
import * as ort from "onnxruntime-web/webgpu";
import { type DType, type Shape, type Signature, sizeOf, toModel } from "../graph/mod.ts";
import type { Device, DeviceTensor, HostArray, Program, Tensors } from "./device.ts";
import { bytesPerElement, checkHostArray, createHostArray } from "./host_array.ts";
import { checkTensors } from "./signature_check.ts";

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
  const software = isFallback(adapter) ? " (software)" : "";
  return {
    ...webDevice((data, shape, dtype) => uploadToGpu(gpu, data, shape, dtype), {
      executionProviders: [{ name: "webgpu", device: gpu }],
      preferredOutputLocation: "gpu-buffer",
    }, () => gpu.destroy()),
    kind: "webgpu",
    description: `${adapter.info.description || adapter.info.vendor}${software}`,
    reason,
    limits,
  };
}

/** Opens WebAssembly on the processor. */
export function openWasm(reason: string): Device {
  return {
    ...webDevice(
      (data, shape, dtype) => wrap(dtype, shape, data.slice()),
      { executionProviders: ["wasm"] },
      () => {},
    ),
    kind: "wasm",
    description: "WebAssembly on the processor",
    reason,
    limits: { maxMemoryBytes: 2 ** 32 },
  };
}

/** Whether an adapter only imitates a GPU in software. */
export function isFallback(adapter: GPUAdapter): boolean {
  return (adapter.info as { isFallbackAdapter?: boolean }).isFallbackAdapter ?? false;
}

type Upload = (data: HostArray, shape: Shape, dtype: DType) => ort.Tensor;

function webDevice(
  upload: Upload,
  session: ort.InferenceSession.SessionOptions,
  dispose: () => void,
): Pick<Device, "upload" | "zeros" | "compile" | "dispose"> {
  return {
    upload: (data, shape, dtype) => {
      checkHostArray(data, shape, dtype);
      return new WebTensor(dtype, shape, upload(data, shape, dtype), upload);
    },
    zeros: (shape, dtype) => {
      const data = createHostArray(dtype, sizeOf(shape));
      return new WebTensor(dtype, shape, upload(data, shape, dtype), upload);
    },
    compile: async (signature) =>
      new WebProgram(
        await ort.InferenceSession.create(toModel(signature), { ...session, logSeverityLevel: 3 }),
        signature,
        upload,
      ),
    dispose: () => {
      dispose();
      return Promise.resolve();
    },
  };
}

class WebTensor implements DeviceTensor {
  readonly bytes: number;
  readonly #upload: Upload;
  #value: ort.Tensor | undefined;

  constructor(readonly dtype: DType, readonly shape: Shape, value: ort.Tensor, upload: Upload) {
    this.bytes = bytesPerElement[dtype] * sizeOf(shape);
    this.#value = value;
    this.#upload = upload;
  }

  get value(): ort.Tensor {
    if (this.#value === undefined) throw new Error("tensor: used after it was disposed");
    return this.#value;
  }

  /** Takes the place of the old memory, which is freed. */
  replace(value: ort.Tensor): void {
    const before = this.value;
    this.#value = value;
    before.dispose();
  }

  async read(): Promise<HostArray> {
    const data = await this.value.getData();
    return (data as HostArray).slice();
  }

  write(data: HostArray): void {
    checkHostArray(data, this.shape, this.dtype);
    this.replace(this.#upload(data, this.shape, this.dtype));
  }

  clear(): void {
    const zeros = createHostArray(this.dtype, sizeOf(this.shape));
    this.replace(this.#upload(zeros, this.shape, this.dtype));
  }

  dispose(): void {
    if (this.#value === undefined) throw new Error("tensor: disposed twice");
    this.#value.dispose();
    this.#value = undefined;
  }
}

class WebProgram implements Program {
  readonly #session: ort.InferenceSession;
  readonly #signature: Signature;
  readonly #upload: Upload;

  constructor(session: ort.InferenceSession, signature: Signature, upload: Upload) {
    this.#session = session;
    this.#signature = signature;
    this.#upload = upload;
  }

  async run(inputs: Tensors, into: Tensors = {}): Promise<Record<string, DeviceTensor>> {
    checkTensors(this.#signature, inputs, into);
    const feeds: Record<string, ort.Tensor> = {};
    for (const [name, tensor] of Object.entries(inputs)) feeds[name] = (tensor as WebTensor).value;
    const results = await this.#session.run(feeds);
    const fresh: Record<string, DeviceTensor> = {};
    for (const [name, { dtype, shape }] of Object.entries(this.#signature.outputs)) {
      const target = into[name] as WebTensor | undefined;
      const value = results[name]!;
      if (target === undefined) fresh[name] = new WebTensor(dtype, shape, value, this.#upload);
      else target.replace(value);
    }
    return fresh;
  }

  async dispose(): Promise<void> {
    await this.#session.release();
  }
}

// Integers and conditions stay on the host: ONNX Runtime places them itself, and the operators
// that read them (positions, shapes) may run on either side.
function uploadToGpu(gpu: GPUDevice, data: HostArray, shape: Shape, dtype: DType): ort.Tensor {
  if (dtype !== "float32" && dtype !== "float16") return wrap(dtype, shape, data.slice());
  const buffer = gpu.createBuffer({
    size: Math.max(16, Math.ceil(data.byteLength / 16) * 16),
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
    mappedAtCreation: true,
  });
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  new Uint8Array(buffer.getMappedRange()).set(bytes);
  buffer.unmap();
  return ort.Tensor.fromGpuBuffer(buffer, {
    dataType: dtype,
    dims: shape,
    download: () => download(gpu, buffer, data.byteLength) as Promise<Float32Array>,
    dispose: () => buffer.destroy(),
  });
}

async function download(gpu: GPUDevice, source: GPUBuffer, bytes: number): Promise<HostArray> {
  const size = Math.ceil(bytes / 4) * 4;
  const staging = gpu.createBuffer({
    size,
    usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
  });
  const encoder = gpu.createCommandEncoder();
  encoder.copyBufferToBuffer(source, 0, staging, 0, size);
  gpu.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const copy = staging.getMappedRange().slice(0, bytes);
  staging.destroy();
  return new Float32Array(copy);
}

function wrap(dtype: DType, shape: Shape, data: HostArray): ort.Tensor {
  return new ort.Tensor(dtype as "float32", data as Float32Array, shape);
}
