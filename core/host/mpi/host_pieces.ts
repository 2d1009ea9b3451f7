import type { DeviceTensor } from "../../device/device.ts";
import type { Piece } from "./rounds.ts";

/**
 * Values of tensors on the host, piece by piece, each tensor from its beginning to its end: in place
 * where the device's memory is the host's, else in a copy that stays until the last piece.
 */
export interface HostPieces {
  /** Puts pieces one after another. */
  read(pieces: readonly Piece[], into: Float32Array): Promise<void>;
  /** Takes pieces that follow each other. */
  write(pieces: readonly Piece[], from: Float32Array): void;
}

/** Begins with tensors of which no piece was read or written. */
export function hostPieces(): HostPieces {
  const copies = new Map<DeviceTensor, Float32Array>();
  const viewOf = (tensor: DeviceTensor) => tensor.view?.() as Float32Array | undefined;
  return {
    read: async (pieces, into) => {
      let at = 0;
      for (const { tensor, start, end } of pieces) {
        const values = viewOf(tensor) ?? copies.get(tensor) ?? await tensor.read() as Float32Array;
        into.set(values.subarray(start, end), at);
        at += end - start;
        if (isLast(tensor, end)) copies.delete(tensor);
        else if (tensor.view === undefined) copies.set(tensor, values);
      }
    },
    write: (pieces, from) => {
      let at = 0;
      for (const { tensor, start, end } of pieces) {
        const values = viewOf(tensor) ?? copies.get(tensor) ?? new Float32Array(tensor.bytes / 4);
        values.set(from.subarray(at, at += end - start), start);
        if (tensor.view !== undefined) continue;
        if (!isLast(tensor, end)) copies.set(tensor, values);
        else {
          copies.delete(tensor);
          tensor.write(values);
        }
      }
    },
  };
}

function isLast({ bytes }: DeviceTensor, end: number): boolean {
  return end === bytes / 4;
}
