import { onnxTypes } from "../../../graph/cast.ts";
import { sizeOf } from "../../../graph/node.ts";
import type { DType, Shape } from "../../../graph/tensor.ts";
import type { HostArray } from "../../../device/device.ts";
import { bytesPerElement } from "../../../device/host_array.ts";
import { addressOf, check, created } from "./api.ts";
import type { Environment } from "./environment.ts";
import type { MemoryPool } from "./memory.ts";

/** A tensor's elements on a GPU, or what is to become them. */
export interface GpuCell {
  readonly dtype: DType;
  readonly shape: Shape;
  /** The OrtValue, once there is one. */
  handle: bigint | undefined;
  /** What its elements are to be, until there is one; left out where a program writes them. */
  data: HostArray | "zeros" | undefined;
}

/**
 * A GPU's memory, and the order of all that is done there: one thing after another, since ONNX Runtime's
 * providers are not made for calls that overlap. What is freed is freed after all that was asked for
 * before.
 */
export class GpuMemory {
  readonly #environment: Environment;
  readonly #info: bigint;
  readonly #allocator: bigint;
  readonly #host: MemoryPool;
  #last: Promise<unknown> = Promise.resolve();
  #isOpen = true;
  #zeros: { readonly cell: GpuCell; readonly bytes: number } | undefined;

  /**
   * @param session Any session on the GPU.
   * @param name ONNX Runtime's name of the memory.
   * @param host Where values stand on their way.
   */
  constructor(
    environment: Environment,
    session: bigint,
    name: Uint8Array<ArrayBuffer>,
    host: MemoryPool,
  ) {
    const { api } = environment;
    this.#environment = environment;
    this.#host = host;
    this.#info = created(api, (place) => api.CreateMemoryInfo(name, 0, 0, 0, place));
    this.#allocator = created(api, (place) => api.CreateAllocator(session, this.#info, place));
  }

  /** Does work when all that was asked for before is done. */
  then<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }

  /** The cell's OrtValue, with its elements in place; within {@linkcode GpuMemory.then}. */
  async place(cell: GpuCell): Promise<bigint> {
    if (cell.handle !== undefined) return cell.handle;
    const handle = cell.handle = this.#allocate(cell.dtype, cell.shape);
    const { data } = cell;
    cell.data = undefined;
    if (data === "zeros") await this.#clear(cell);
    else if (data !== undefined) {
      const memory = this.#host.take(cell.dtype, cell.shape);
      bytesOf(memory.array).set(bytesOf(data));
      await this.#copy(memory.handle, handle);
      memory.release();
    }
    return handle;
  }

  /** A copy of a cell's elements. */
  read(cell: GpuCell): Promise<HostArray> {
    return this.then(async () => {
      const handle = await this.place(cell);
      const memory = this.#host.take(cell.dtype, cell.shape);
      try {
        await this.#copy(handle, memory.handle);
        return memory.array.slice();
      } finally {
        memory.release();
      }
    });
  }

  /** Frees a cell. */
  free(cell: GpuCell): void {
    this.then(() => {
      this.#release(cell);
      return Promise.resolve();
    });
  }

  /** Frees all of its own. */
  async dispose(): Promise<void> {
    await this.then(() => {
      if (this.#zeros !== undefined) this.#release(this.#zeros.cell);
      return Promise.resolve();
    });
    this.#isOpen = false;
    const { api } = this.#environment;
    api.ReleaseAllocator(this.#allocator);
    api.ReleaseMemoryInfo(this.#info);
  }

  #release(cell: GpuCell): void {
    // What is left when the GPU is given back went with it.
    if (cell.handle !== undefined && this.#isOpen) this.#environment.api.ReleaseValue(cell.handle);
    cell.handle = cell.data = undefined;
  }

  #allocate(dtype: DType, shape: Shape): bigint {
    const { api } = this.#environment;
    const lengths = BigInt64Array.from(shape, BigInt);
    return created(api, (place) =>
      api.CreateTensorAsOrtValue(
        this.#allocator,
        lengths,
        BigInt(shape.length),
        onnxTypes[dtype],
        place,
      ));
  }

  async #copy(from: bigint, to: bigint): Promise<void> {
    const { api, handle } = this.#environment;
    const [source, target] = [placeOf(from), placeOf(to)];
    check(api, await api.CopyTensors(handle, addressOf(source), addressOf(target), 0n, 1n));
  }

  // From zeros that are there already: so none go over the bus.
  async #clear({ dtype, shape, handle }: GpuCell): Promise<void> {
    const { api } = this.#environment;
    const bytes = sizeOf(shape) * bytesPerElement[dtype];
    if (bytes === 0) return;
    const zeros = await this.#zerosOf(bytes);
    const start = created(api, (place) => api.GetTensorMutableData(zeros, place));
    const view = created(api, (place) =>
      api.CreateTensorWithDataAsOrtValue(
        this.#info,
        start,
        BigInt(bytes),
        BigInt64Array.from(shape, BigInt),
        BigInt(shape.length),
        onnxTypes[dtype],
        place,
      ));
    await this.#copy(view, handle!);
    api.ReleaseValue(view);
  }

  async #zerosOf(bytes: number): Promise<bigint> {
    if (this.#zeros === undefined || this.#zeros.bytes < bytes) {
      if (this.#zeros !== undefined) this.#release(this.#zeros.cell);
      const data = new Uint8Array(bytes);
      const cell: GpuCell = { dtype: "uint8", shape: [bytes], handle: undefined, data };
      this.#zeros = { cell, bytes };
    }
    return await this.place(this.#zeros.cell);
  }
}

function placeOf(handle: bigint): BigUint64Array<ArrayBuffer> {
  const place = new BigUint64Array(new ArrayBuffer(8));
  place[0] = handle;
  return place;
}

function bytesOf({ buffer, byteOffset, byteLength }: HostArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
