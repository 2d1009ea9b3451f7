import type { DeviceTensor } from "../../core/device/device.ts";
import type { Exchange } from "../../core/training/step/exchange.ts";

/** Exchanges of so many processes that are parts of this one: each waits until all have come. */
export function joinedExchanges(size: number): readonly Exchange[] {
  let waiting: {
    readonly rank: number;
    readonly rows: Float32Array;
    go(all: Float32Array[]): void;
  }[] = [];
  const meet = (rank: number, rows: Float32Array) =>
    new Promise<readonly Float32Array[]>((go) => {
      waiting.push({ rank, rows, go });
      if (waiting.length < size) return;
      const met = waiting.toSorted((a, b) => a.rank - b.rank);
      waiting = [];
      for (const each of met) each.go(met.map(({ rows }) => rows));
    });
  return Array.from({ length: size }, (_, rank): Exchange => ({
    rank,
    size,
    gather: async (rows) =>
      Float32Array.from((await meet(rank, rows)).flatMap((each) => [...each])),
    sum: async (tensors: Iterable<DeviceTensor>) => {
      for (const tensor of tensors) {
        const all = await meet(rank, await tensor.read() as Float32Array);
        tensor.write(all[0]!.map((_, i) => all.reduce((sum, rows) => sum + rows[i]!, 0)));
      }
    },
  }));
}
