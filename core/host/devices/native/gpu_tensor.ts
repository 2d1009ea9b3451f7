import type { DType, Shape } from "../../../graph/tensor.ts";
import { sizeOf } from "../../../graph/node.ts";
import type { DeviceTensor, HostArray } from "../../../device/device.ts";
import { bytesPerElement, checkHostArray } from "../../../device/host_array.ts";
import type { GpuCell, GpuMemory } from "./gpu_memory.ts";

/** A tensor in a GPU's memory. */
export class GpuTensor implements DeviceTensor {
  readonly bytes: number;
  readonly #memory: GpuMemory;
  #cell: GpuCell | undefined;

  constructor(readonly dtype: DType, readonly shape: Shape, memory: GpuMemory, cell: GpuCell) {
    this.bytes = bytesPerElement[dtype] * sizeOf(shape);
    this.#memory = memory;
    this.#cell = cell;
  }

  /** @throws {Error} if the tensor was disposed. */
  get cell(): GpuCell {
    if (this.#cell === undefined) throw new Error("tensor: used after it was disposed");
    return this.#cell;
  }

  /** Takes other elements in place of its own. */
  replace(cell: GpuCell): void {
    // Whoever disposed of the tensor while a run computed its new values has no use for them.
    this.#memory.free(this.#cell ?? cell);
    if (this.#cell !== undefined) this.#cell = cell;
  }

  async read(): Promise<HostArray> {
    return await this.#memory.read(this.cell);
  }

  write(data: HostArray): void {
    checkHostArray(data, this.shape, this.dtype);
    this.#put(data.slice());
  }

  clear(): void {
    this.#put("zeros");
  }

  // A run that is under way goes on with the values that it was given.
  #put(data: HostArray | "zeros"): void {
    const { dtype, shape } = this.cell;
    this.replace({ dtype, shape, handle: undefined, data });
  }

  dispose(): void {
    if (this.#cell === undefined) throw new Error("tensor: disposed twice");
    this.#memory.free(this.#cell);
    this.#cell = undefined;
  }
}
