import type { DType, Shape } from "../../../graph/tensor.ts";
import { sizeOf } from "../../../graph/node.ts";
import type { DeviceTensor, HostArray } from "../../../device/device.ts";
import { bytesPerElement, checkHostArray } from "../../../device/host_array.ts";
import type { Memory, MemoryPool } from "./memory.ts";

/** A tensor in the processor's memory. */
export class CpuTensor implements DeviceTensor {
  readonly bytes: number;
  readonly #pool: MemoryPool;
  #memory: Memory | undefined;

  /** @param memory Its values; any that the pool has left over, unless given. */
  constructor(
    readonly dtype: DType,
    readonly shape: Shape,
    pool: MemoryPool,
    memory: Memory = pool.take(dtype, shape),
  ) {
    this.bytes = bytesPerElement[dtype] * sizeOf(shape);
    this.#pool = pool;
    this.#memory = memory;
  }

  /** @throws {Error} if the tensor was disposed. */
  get memory(): Memory {
    if (this.#memory === undefined) throw new Error("tensor: used after it was disposed");
    return this.#memory;
  }

  /** Takes other memory in place of its own, and with it the caller's hold. */
  replace(memory: Memory): void {
    // Whoever disposed of the tensor while a run computed its new values has no use for them.
    if (this.#memory === undefined) return memory.release();
    this.#memory.release();
    this.#memory = memory;
  }

  read(): Promise<HostArray> {
    return Promise.resolve().then(() => this.memory.array.slice());
  }

  view(): HostArray {
    if (!this.memory.shared) return this.memory.array;
    // A run that is under way goes on with the values that it was given.
    const { array } = this.memory;
    bytesOf(this.#unshared()).set(bytesOf(array));
    return this.memory.array;
  }

  write(data: HostArray): void {
    checkHostArray(data, this.shape, this.dtype);
    bytesOf(this.#unshared()).set(bytesOf(data));
  }

  clear(): void {
    bytesOf(this.#unshared()).fill(0);
  }

  // A run that is under way goes on with the values that it was given.
  #unshared(): HostArray {
    if (this.memory.shared) this.replace(this.#pool.take(this.dtype, this.shape));
    return this.memory.array;
  }

  dispose(): void {
    if (this.#memory === undefined) throw new Error("tensor: disposed twice");
    this.#memory.release();
    this.#memory = undefined;
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: HostArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
