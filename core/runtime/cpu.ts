/**
 * The native CPU through onnxruntime-node.
 *
 * @module
 */
import { cpus } from "node:os";
import * as ort from "onnxruntime-node";
import { type DType, type Shape, type Signature, sizeOf, toModel } from "../graph/mod.ts";
import type {
  CompileOptions,
  Device,
  DeviceTensor,
  HostArray,
  Program,
  Tensors,
} from "./device.ts";
import { bytesPerElement, checkHostArray, createHostArray } from "./host_array.ts";
import { checkTensors } from "./signature_check.ts";

/** Opens the native CPU. */
export function openCpu(reason: string): Device {
  const processors = cpus();
  return {
    kind: "cpu",
    description: `${processors[0]?.model.trim() ?? "CPU"}, ${processors.length} cores`,
    reason,
    limits: { cores: processors.length, memoryBytes: Deno.systemMemoryInfo().total },
    upload: (data, shape, dtype) => {
      checkHostArray(data, shape, dtype);
      return new CpuTensor(dtype, shape, data.slice());
    },
    zeros: (shape, dtype) => new CpuTensor(dtype, shape, createHostArray(dtype, sizeOf(shape))),
    compile: async (signature, options = {}) => {
      const session = await ort.InferenceSession.create(toModel(signature), {
        executionProviders: ["cpu"],
        logSeverityLevel: 3,
      });
      return new CpuProgram(session, signature, options);
    },
    dispose: () => Promise.resolve(),
  };
}

class CpuTensor implements DeviceTensor {
  readonly bytes: number;
  #value: ort.Tensor | undefined;

  constructor(readonly dtype: DType, readonly shape: Shape, data: HostArray) {
    this.bytes = bytesPerElement[dtype] * sizeOf(shape);
    this.#value = wrap(dtype, shape, data);
  }

  get value(): ort.Tensor {
    if (this.#value === undefined) throw new Error("tensor: used after it was disposed");
    return this.#value;
  }

  set value(value: ort.Tensor) {
    this.#value = value;
  }

  read(): Promise<HostArray> {
    return Promise.resolve((this.value.data as HostArray).slice());
  }

  write(data: HostArray): void {
    checkHostArray(data, this.shape, this.dtype);
    this.value = wrap(this.dtype, this.shape, data.slice());
  }

  clear(): void {
    this.value = wrap(this.dtype, this.shape, createHostArray(this.dtype, sizeOf(this.shape)));
  }

  dispose(): void {
    if (this.#value === undefined) throw new Error("tensor: disposed twice");
    this.#value = undefined;
  }
}

class CpuProgram implements Program {
  readonly #outputs: readonly string[];

  constructor(
    readonly session: ort.InferenceSession,
    readonly signature: Signature,
    readonly options: CompileOptions,
  ) {
    this.#outputs = Object.keys(signature.outputs);
  }

  async run(inputs: Tensors, into: Tensors = {}): Promise<Record<string, DeviceTensor>> {
    checkTensors(this.signature, inputs, into);
    const feeds: Record<string, ort.Tensor> = {};
    for (const [name, tensor] of Object.entries(inputs)) feeds[name] = (tensor as CpuTensor).value;
    const results = await this.session.run(feeds, this.#outputs);
    const fresh: Record<string, DeviceTensor> = {};
    for (const name of this.#outputs) {
      const target = into[name] as CpuTensor | undefined;
      const { dtype, shape } = this.signature.outputs[name]!;
      const data = results[name]!.data as HostArray;
      if (target === undefined) fresh[name] = new CpuTensor(dtype, shape, data);
      else target.value = wrap(dtype, shape, data);
    }
    return fresh;
  }

  dispose(): Promise<void> {
    return this.session.release();
  }
}

function wrap(dtype: DType, shape: Shape, data: HostArray): ort.Tensor {
  return new ort.Tensor(dtype as "float32", data as Float32Array, shape);
}
