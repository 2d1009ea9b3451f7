import type { DeviceTensor } from "../../device/device.ts";
import type { Exchange } from "../../processes/exchange.ts";
import { inTurn } from "../../processes/in_turn.ts";
import type { Communicator } from "./communicator.ts";

/** Values that go round together: large enough for the network, small beside a model. */
const BUCKET = 2 ** 24;

/** An exchange whose calls no other one's get between. */
export function mpiExchange(communicator: Communicator): Exchange {
  const { rank, size } = communicator;
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
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
      for (const bucket of bucketsOf(tensors)) {
        const values = await readAll(bucket);
        const sums = valuesOf(values.length);
        for (let start = 0; start < values.length; start += BUCKET) {
          const end = Math.min(start + BUCKET, values.length);
          await communicator.sum(values.subarray(start, end), sums.subarray(start, end));
        }
        writeAll(sums, bucket);
      }
    },
    share: async (tensors) => {
      for (const bucket of bucketsOf(tensors)) {
        const values = rank === 0 ? await readAll(bucket) : valuesOf(lengthOf(bucket));
        for (let start = 0; start < values.length; start += BUCKET) {
          const part = values.subarray(start, start + BUCKET);
          await communicator.share(
            new Uint8Array(part.buffer, part.byteOffset, part.byteLength),
          );
        }
        if (rank !== 0) writeAll(values, bucket);
      }
    },
  });
}

/** Small tensors together; a large one by itself. */
function* bucketsOf(tensors: Iterable<DeviceTensor>): Generator<readonly DeviceTensor[]> {
  let bucket: DeviceTensor[] = [];
  for (const tensor of tensors) {
    if (tensor.dtype !== "float32") {
      throw new TypeError(`exchange: expected a tensor of float32, found one of ${tensor.dtype}`);
    }
    if (bucket.length > 0 && lengthOf(bucket) + tensor.bytes / 4 > BUCKET) {
      yield bucket;
      bucket = [];
    }
    bucket.push(tensor);
  }
  if (bucket.length > 0) yield bucket;
}

function lengthOf(bucket: readonly DeviceTensor[]): number {
  return bucket.reduce((sum, { bytes }) => sum + bytes / 4, 0);
}

/** Outside the heap, where nothing moves them while MPI works on them. */
function valuesOf(length: number): Float32Array<ArrayBuffer> {
  return new Float32Array(new ArrayBuffer(4 * length));
}

async function readAll(bucket: readonly DeviceTensor[]): Promise<Float32Array<ArrayBuffer>> {
  const all = valuesOf(lengthOf(bucket));
  let start = 0;
  for (const tensor of bucket) {
    all.set(await tensor.read() as Float32Array, start);
    start += tensor.bytes / 4;
  }
  return all;
}

function writeAll(all: Float32Array, bucket: readonly DeviceTensor[]): void {
  let start = 0;
  for (const tensor of bucket) {
    const end = start + tensor.bytes / 4;
    tensor.write(all.subarray(start, end));
    start = end;
  }
}
