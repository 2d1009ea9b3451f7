import type { Context } from "../../../core/context.ts";
import type { NamedBenchmark } from "./benchmark_list.ts";
import { isFault } from "./is_fault.ts";

/**
 * The benchmarks without those of a suite whose annotations or pictures are not there, of which it is
 * told why.
 *
 * @throws {RangeError} if none is left.
 */
export async function benchmarksAtHand(
  benchmarks: readonly NamedBenchmark[],
  context: Context,
): Promise<readonly NamedBenchmark[]> {
  const found: NamedBenchmark[] = [];
  for (const benchmark of benchmarks) {
    const reason = benchmark.ifAtHand ? await absence(benchmark, context) : undefined;
    if (reason === undefined) found.push(benchmark);
    else context.log(`${benchmark.name} is not at hand: ${reason}`);
  }
  if (found.length > 0) return found;
  throw new RangeError("expected data of at least one benchmark, found that of none");
}

/** Why a benchmark cannot be scored with what is there; undefined if it can be. */
async function absence(
  { create }: NamedBenchmark,
  context: Context,
): Promise<string | undefined> {
  try {
    await (await create()).check?.(context);
    return undefined;
  } catch (error) {
    if (!(error instanceof Error) || isFault(error)) throw error;
    return error.message.split("\n")[0];
  }
}
