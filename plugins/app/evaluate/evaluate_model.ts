import { watchedEncoder } from "../../../core/host/cache/watched_encoder.ts";
import { describeDevice } from "../../../core/device/describe_device.ts";
import type { Device } from "../../../core/device/device.ts";
import { createEncoder } from "../../../core/towers/encoder.ts";
import { towerFingerprints } from "../../../core/host/cache/tower_fingerprints.ts";
import { uploadParameters, valuesOnDevice } from "../../../core/towers/device_parameters.ts";
import type { Progress } from "../terminal/progress.ts";
import type { Context } from "../../../core/context.ts";
import type { DualEncoder } from "../../../core/model.ts";
import type { Evaluation } from "../../../core/evaluator.ts";
import { alone, type Exchange } from "../../../core/processes/exchange.ts";
import { isStop, throwIfStopped, together } from "../../../core/processes/together.ts";
import { MissingPicturesError } from "../../benchmarks/harness/missing_pictures.ts";
import type { NamedBenchmark } from "./benchmark_list.ts";
import { isFault } from "./is_fault.ts";
import { describeFacts, modelFacts, scoringPrecision } from "./model_facts.ts";

/** What {@linkcode evaluateModel} needs. */
export interface EvaluateOptions {
  /** Where the towers run. */
  readonly device: Device;
  /** What benchmarks may use of the world. */
  readonly context: Context;
  /** Shows how far the work has come. */
  readonly progress: Progress;
  /** Rows that go through a tower together. */
  readonly chunk: number;
  /** The folder in which embeddings are kept; without one they are computed anew. */
  readonly cache?: string | undefined;
  /**
   * Hears by the fingerprints of its towers which model it is, and what its scores depend on beside
   * the weights, before anything is embedded; what it throws ends the evaluation.
   */
  readonly onStart?: (
    fingerprints: { readonly image: string; readonly text: string },
    settings: string,
  ) => void | Promise<void>;
  /** Takes the scores of each benchmark as they come; what it throws ends the evaluation. */
  readonly onScores: (evaluations: readonly Evaluation[], name: string) => void | Promise<void>;
  /** Hears which pictures a benchmark lacks, all of them, after the message that names some. */
  readonly onMissing?: (name: string, missing: readonly string[]) => void | Promise<void>;
  /** Asks to stop early. */
  readonly signal?: AbortSignal | undefined;
  /** Where the processes meet that share the work. Default: this one does it alone. */
  readonly exchange?: Exchange;
}

/**
 * Scores a model with benchmarks, one after another. A benchmark that cannot be scored (a broken
 * annotation file, missing pictures) is told in one message, and the others are scored.
 *
 * @returns the names of the benchmarks that could not be scored.
 * @throws the reason of `signal` once it is aborted.
 */
export async function evaluateModel(
  model: DualEncoder,
  benchmarks: readonly NamedBenchmark[],
  options: EvaluateOptions,
): Promise<readonly string[]> {
  const { device, context, progress, chunk, cache, signal, exchange = alone } = options;
  const { onStart, onScores, onMissing } = options;
  progress.line(`model: ${model.name}`);
  progress.line(`device: ${describeDevice(device)}`);
  const dtypes = new Set<string>();
  const parameters = await uploadParameters(
    device,
    model,
    ({ dtype = "F32" }) => dtypes.add(dtype),
  );
  try {
    const fingerprints = await towerFingerprints(model, valuesOnDevice(parameters), device);
    await checkSameWork(exchange, [model.name, fingerprints, benchmarks.map(({ name }) => name)]);
    const settings = describeFacts(modelFacts(model, scoringPrecision(dtypes)));
    progress.line(`settings: ${settings}`);
    await onStart?.(fingerprints, settings);
    const encoder = createEncoder({ device, model, parameters, chunk });
    const failed: string[] = [];
    let current = "";
    // One for all benchmarks: what is kept is read and checked once.
    const watched = watchedEncoder(encoder, {
      cache: cache === undefined ? undefined : { folder: cache, keys: fingerprints },
      onProgress: ({ kind, ...info }) => progress.work({ ...info, what: `${current}: ${kind}` }),
      log: progress.line,
      signal,
      parted: { exchange, chunk },
    });
    for (const { name, create } of benchmarks) {
      current = name;
      const before = { ...watched.counts };
      let evaluations: readonly Evaluation[];
      try {
        await throwIfStopped(exchange, signal);
        progress.line(`${name} …`);
        evaluations = await together(
          exchange,
          name,
          async () => await (await create()).evaluate(watched, context),
        );
      } catch (error) {
        if (isStop(error, signal) || !(error instanceof Error) || isFault(error)) throw error;
        failed.push(name);
        progress.line(`${name} cannot be scored: ${error.message}`);
        if (error instanceof MissingPicturesError) await onMissing?.(name, error.missing);
        continue;
      }
      const computed = watched.counts.computed - before.computed;
      const reused = watched.counts.reused - before.reused;
      progress.line(`${name}: ${computed} embeddings computed, ${reused} taken from the cache`);
      await onScores(evaluations, name);
    }
    return failed;
  } finally {
    progress.close();
    for (const tensor of parameters.values()) tensor.dispose();
  }
}

/**
 * Makes sure that processes share one piece of work.
 *
 * @throws {PartedError} if the work of one of them is described by something else.
 */
async function checkSameWork(exchange: Exchange, description: unknown): Promise<void> {
  await together(exchange, JSON.stringify(description), () => Promise.resolve());
}
