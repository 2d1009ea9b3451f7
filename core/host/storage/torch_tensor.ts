/**
 * Tensors as PyTorch describes them in a pickle: a view of a storage.
 *
 * @module
 */
import { type SafetensorsDtype, type TensorData, tensorDataClasses } from "./safetensors_dtype.ts";
import type { TensorInfo } from "./tensor_file.ts";

/** A tensor that is not read: of complex numbers, of eight-bit floats, sparse, quantised. */
export class UnreadTensor {
  /**
   * Notes it.
   *
   * @param what Its type, in PyTorch's words.
   */
  constructor(readonly what: string) {}

  /** Takes its attributes, of which nothing is made. */
  setState(_state: unknown): void {}
}

/** Values that tensors share: a run of elements in the file. */
export interface TorchStorage {
  /** Names the storage in the file. */
  readonly key: string;
  /** What the file calls the type of its elements. */
  readonly type: string;
  /** The type of its elements; undefined if it is of bytes, whose type the tensors tell, or unread. */
  readonly dtype: SafetensorsDtype | undefined;
  /** Bytes of an element. */
  readonly itemSize: number;
  /** Elements, or bytes. */
  readonly length: number;
}

/** A view of a storage. */
export class TorchTensor implements TensorInfo {
  /**
   * Puts the view together.
   *
   * @param offset The first element, counted in elements of the storage.
   * @param strides Elements from one place to the next, for each axis.
   */
  constructor(
    readonly storage: TorchStorage,
    readonly dtype: SafetensorsDtype,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}

  /** Bytes of an element. */
  get itemSize(): number {
    return tensorDataClasses[this.dtype].BYTES_PER_ELEMENT;
  }

  /** Elements of the storage from the first that the tensor uses to the last. */
  get span(): number {
    if (this.shape.includes(0)) return 0;
    return this.shape.reduce((last, length, axis) => last + (length - 1) * this.strides[axis]!, 1);
  }

  /** Whether the elements stand in the storage in row-major order, without gaps. */
  get isContiguous(): boolean {
    let expected = 1;
    for (let axis = this.shape.length - 1; axis >= 0; axis--) {
      if (this.shape[axis] === 1) continue;
      if (this.strides[axis] !== expected) return false;
      expected *= this.shape[axis]!;
    }
    return true;
  }
}

/**
 * The values of a tensor, row by row.
 *
 * @param bytes The storage from the tensor's first element to its last; taken over.
 * @param bigEndian Whether the most significant byte of an element comes first.
 */
export function gather(
  tensor: TorchTensor,
  bytes: Uint8Array<ArrayBuffer>,
  bigEndian: boolean,
): TensorData {
  if (bigEndian) swapBytes(bytes, tensor.itemSize);
  const arrayClass = tensorDataClasses[tensor.dtype];
  if (tensor.isContiguous || tensor.span === 0) return new arrayClass(bytes.buffer);
  const { shape, strides, itemSize } = tensor;
  const count = shape.reduce((a, b) => a * b, 1);
  const result = new Uint8Array(count * itemSize);
  const place = new Array<number>(shape.length).fill(0);
  let from = 0;
  for (let to = 0; to < result.length; to += itemSize) {
    for (let i = 0; i < itemSize; i++) result[to + i] = bytes[from * itemSize + i]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++place[axis]! < shape[axis]!) break;
      from -= shape[axis]! * strides[axis]!;
      place[axis] = 0;
    }
  }
  return new arrayClass(result.buffer);
}

function swapBytes(bytes: Uint8Array, itemSize: number): void {
  if (itemSize === 1) return;
  for (let start = 0; start < bytes.length; start += itemSize) {
    bytes.subarray(start, start + itemSize).reverse();
  }
}
