import type { Context } from "../../../core/context.ts";
import { watchedEncoder, type WatchOptions } from "../../../core/host/cache/watched_encoder.ts";
import type { Encoder, Evaluation, Evaluator } from "../../../core/evaluator.ts";
import { alone } from "../../../core/processes/exchange.ts";
import { throwIfStopped, together } from "../../../core/processes/together.ts";
import type { Progress } from "../terminal/progress.ts";

/** What {@linkcode scoreModel} needs beside the benchmarks. */
export interface ScoreOptions extends Pick<WatchOptions, "cache" | "signal" | "parted"> {
  /** The model as it stands. */
  readonly encoder: Encoder;
  /** What benchmarks may use of the world. */
  readonly context: Context;
  /** Hears which benchmark is at work, and how far it has come. */
  readonly progress: Progress;
  /** When that is: `"before training"`. */
  readonly when: string;
}

/**
 * Scores of a model by benchmarks, one after another.
 *
 * @throws the reason of the signal once that is aborted; whatever a benchmark throws.
 */
export async function scoreModel(
  evaluators: readonly Evaluator[],
  { encoder, cache, context, progress, when, signal, parted }: ScoreOptions,
): Promise<Evaluation[]> {
  let name = "";
  const watched = watchedEncoder(encoder, {
    cache,
    onProgress: ({ kind, ...info }) => progress.work({ ...info, what: `${name}: ${kind}` }),
    log: context.log,
    signal,
    parted,
  });
  const { exchange } = parted ?? { exchange: alone };
  const evaluations: Evaluation[] = [];
  for (const evaluator of evaluators) {
    await throwIfStopped(exchange, signal);
    name = evaluator.name;
    progress.line(`evaluating ${when}: ${name}`);
    evaluations.push(
      ...await together(exchange, name, () => evaluator.evaluate(watched, context)),
    );
  }
  return evaluations;
}
