import type { DeviceTensor } from "../../core/device/device.ts";
import type { Exchange } from "../../core/processes/exchange.ts";
import { inTurn } from "../../core/processes/in_turn.ts";

/** What one process brings to a meeting. */
interface Guest {
  readonly rank: number;
  readonly brought: unknown;
  go(all: readonly unknown[]): void;
}

/** Exchanges of so many processes that are parts of this one: each waits until all have come. */
export function joinedExchanges(size: number): readonly Exchange[] {
  let waiting: Guest[] = [];
  const meet = <T>(rank: number, brought: T) =>
    new Promise<readonly T[]>((resolve) => {
      waiting.push({ rank, brought, go: (all) => resolve(all as readonly T[]) });
      if (waiting.length < size) return;
      const met = waiting.toSorted((a, b) => a.rank - b.rank);
      waiting = [];
      for (const each of met) each.go(met.map(({ brought }) => brought));
    });
  return Array.from({ length: size }, (_, rank): Exchange =>
    inTurn({
      rank,
      size,
      gather: async (rows) =>
        Float32Array.from((await meet(rank, rows)).flatMap((each) => [...each])),
      gatherNames: async (names) => (await meet(rank, names)).flat(),
      sum: async (tensors: Iterable<DeviceTensor>) => {
        for (const tensor of tensors) {
          const all = await meet(rank, await tensor.read() as Float32Array);
          tensor.write(all[0]!.map((_, i) => all.reduce((sum, rows) => sum + rows[i]!, 0)));
        }
      },
      share: async (tensors: Iterable<DeviceTensor>) => {
        for (const tensor of tensors) {
          const [first] = await meet(rank, await tensor.read() as Float32Array);
          tensor.write(first!);
        }
      },
    }));
}
