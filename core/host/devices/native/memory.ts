import { onnxTypes } from "../../../graph/cast.ts";
import type { DType, Shape } from "../../../graph/tensor.ts";
import { sizeOf } from "../../../graph/node.ts";
import type { HostArray } from "../../../device/device.ts";
import { bytesPerElement, viewHostArray } from "../../../device/host_array.ts";
import { created } from "./api.ts";
import type { Environment } from "./environment.ts";
import { askForHugePages } from "./huge_pages.ts";

const alignment = 64;

/** Bytes that do not move, beginning at a multiple of a cache line. */
interface Block {
  readonly buffer: ArrayBuffer;
  readonly offset: number;
  readonly address: bigint;
}

/**
 * A tensor's elements together with the value that tells ONNX Runtime about them. A tensor and every
 * run that uses it hold it; with the last hold it returns to its pool.
 */
export class Memory {
  readonly #pool: MemoryPool;
  readonly #block: Block;
  #references = 1;

  constructor(
    pool: MemoryPool,
    block: Block,
    /** The elements. */
    readonly array: HostArray,
    /** The OrtValue. */
    readonly handle: bigint,
  ) {
    this.#pool = pool;
    this.#block = block;
  }

  /** Whether more than one holds it. */
  get shared(): boolean {
    return this.#references > 1;
  }

  /** Takes one more hold. */
  retain(): this {
    this.#references++;
    return this;
  }

  /** Gives one hold back. */
  release(): void {
    if (--this.#references === 0) this.#pool.giveBack(this.handle, this.#block);
  }
}

/**
 * Memory for tensors. What a step frees, the next one takes again: fresh memory would have to be
 * cleared by the system, page by page, while it is first written.
 */
export class MemoryPool {
  readonly #environment: Environment;
  readonly #limit: number;
  // Free blocks by their size in bytes, the size that was not used for longest first.
  readonly #free = new Map<number, Block[]>();
  #freeBytes = 0;

  /** @param limit Most bytes to keep free. */
  constructor(environment: Environment, limit: number) {
    this.#environment = environment;
    this.#limit = limit;
  }

  /** Memory with any values in it. */
  take(dtype: DType, shape: Shape): Memory {
    const { api, memoryInfo } = this.#environment;
    const length = sizeOf(shape);
    const bytes = length * bytesPerElement[dtype];
    const block = this.#reuse(bytes) ?? allocate(bytes);
    const handle = created(api, (place) =>
      api.CreateTensorWithDataAsOrtValue(
        memoryInfo,
        block.address,
        BigInt(bytes),
        BigInt64Array.from(shape, BigInt),
        BigInt(shape.length),
        onnxTypes[dtype],
        place,
      ));
    return new Memory(
      this,
      block,
      viewHostArray(dtype, block.buffer, block.offset, length),
      handle,
    );
  }

  #reuse(bytes: number): Block | undefined {
    const block = this.#free.get(bytes)?.pop();
    if (block !== undefined) this.#freeBytes -= block.buffer.byteLength;
    return block;
  }

  /** Frees a value and keeps its bytes for the next one, as far as the limit goes. */
  giveBack(handle: bigint, block: Block): void {
    this.#environment.api.ReleaseValue(handle);
    const bytes = block.buffer.byteLength - alignment;
    const sameSize = this.#free.get(bytes) ?? [];
    sameSize.push(block);
    this.#free.delete(bytes);
    this.#free.set(bytes, sameSize);
    this.#freeBytes += block.buffer.byteLength;
    this.#trim(this.#limit);
  }

  /** Forgets all free memory. */
  clear(): void {
    this.#trim(0);
  }

  #trim(limit: number): void {
    for (const [bytes, blocks] of this.#free) {
      while (this.#freeBytes > limit && blocks.length > 0) {
        this.#freeBytes -= blocks.pop()!.buffer.byteLength;
      }
      if (blocks.length > 0) return;
      this.#free.delete(bytes);
    }
  }
}

function allocate(bytes: number): Block {
  const buffer = new ArrayBuffer(bytes + alignment);
  const start = Deno.UnsafePointer.value(Deno.UnsafePointer.of(buffer));
  askForHugePages(start, buffer.byteLength);
  const offset = (alignment - Number(start % BigInt(alignment))) % alignment;
  return { buffer, offset, address: start + BigInt(offset) };
}
