import type { Exchange, Placed } from "../../core/processes/exchange.ts";
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
      sum: async (tensors: Iterable<Placed>) => {
        for (const { tensor, at } of tensors) {
          const all = await meet(rank, await tensor.read() as Float32Array);
          // What the others have then means nothing.
          tensor.write(
            all[0]!.map((_, i) => rank === at ? all.reduce((sum, rows) => sum + rows[i]!, 0) : NaN),
          );
        }
      },
      share: async (tensors: Iterable<Placed>) => {
        for (const { tensor, at } of tensors) {
          const all = await meet(rank, await tensor.read() as Float32Array);
          tensor.write(all[at]!);
        }
      },
    }));
}
