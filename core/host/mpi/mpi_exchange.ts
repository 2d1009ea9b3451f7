import type { Exchange } from "../../processes/exchange.ts";
import { inTurn } from "../../processes/in_turn.ts";
import type { Communicator } from "./communicator.ts";
import { hostPieces } from "./host_pieces.ts";
import { roundsOf } from "./rounds.ts";

/** Values of all processes that go round together: large enough for the network, small beside a model. */
const ROUND = 2 ** 23;

/** An exchange whose calls no other one's get between. */
export function mpiExchange(communicator: Communicator): Exchange {
  const { rank, size } = communicator;
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const [sent, received] = [createRoom(), createRoom()];
  return inTurn({
    rank,
    size,
    gather: async (rows) => {
      const bytes = new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength);
      const all = await communicator.gather(bytes);
      return new Float32Array(all.buffer, all.byteOffset, all.byteLength / 4);
    },
    gatherNames: async (names) => {
      // JSON has no line break of its own.
      const all = await communicator.gather(encoder.encode(`${JSON.stringify(names)}\n`));
      return decoder.decode(all).trimEnd().split("\n").flatMap((line) =>
        JSON.parse(line) as string[]
      );
    },
    sum: async (tensors) => {
      const [own, sums] = [hostPieces(), hostPieces()];
      for (const { parts, counts } of roundsOf(tensors, size, ROUND)) {
        const values = sent(total(counts));
        await own.read(parts.flat(), values);
        const part = received(counts[rank]!);
        await communicator.sumParts(values, counts, part);
        sums.write(parts[rank]!, part);
      }
    },
    share: async (tensors) => {
      const [own, others] = [hostPieces(), hostPieces()];
      for (const { parts, counts } of roundsOf(tensors, size, ROUND)) {
        const part = sent(counts[rank]!);
        await own.read(parts[rank]!, part);
        const values = received(total(counts));
        await communicator.shareParts(part, counts, values);
        let start = 0;
        for (const [i, pieces] of parts.entries()) {
          const end = start + counts[i]!;
          if (i !== rank) others.write(pieces, values.subarray(start, end));
          start = end;
        }
      }
    },
  });
}

function total(counts: readonly number[]): number {
  return counts.reduce((a, b) => a + b, 0);
}

/**
 * A place for values outside the heap, where nothing moves them while MPI works on them. It is used
 * again: fresh memory would have to be cleared by the system, page by page.
 */
function createRoom(): (length: number) => Float32Array<ArrayBuffer> {
  let room = new Float32Array(new ArrayBuffer(0));
  return (length) => {
    if (room.length < length) room = new Float32Array(new ArrayBuffer(4 * length));
    return room.subarray(0, length);
  };
}
