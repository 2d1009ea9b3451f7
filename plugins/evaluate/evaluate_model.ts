import { createEncoder, modelFingerprint, uploadParameters } from "../../core/towers/mod.ts";
import { describeDevice, type Device } from "../../core/runtime/mod.ts";
import type { Context, DualEncoder, Evaluation } from "../../mod.ts";
import type { NamedBenchmark } from "./benchmark_list.ts";
import type { StatusLine } from "./status_line.ts";
import { watchedEncoder } from "./watched_encoder.ts";

/** What {@linkcode evaluateModel} needs. */
export interface EvaluateOptions {
  /** Where the towers run. */
  readonly device: Device;
  /** What benchmarks may use of the world. */
  readonly context: Context;
  /** Shows how far the work has come. */
  readonly status: StatusLine;
  /** Rows that go through a tower together. */
  readonly chunk: number;
  /** The folder in which embeddings are kept; without one they are computed anew. */
  readonly cache?: string | undefined;
  /** Takes the scores of each benchmark as they come. */
  readonly onScores: (
    evaluations: readonly Evaluation[],
    fingerprint: string,
  ) => void | Promise<void>;
  /** Asks to stop early. */
  readonly signal?: AbortSignal | undefined;
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
  { device, context, status, chunk, cache, onScores, signal }: EvaluateOptions,
): Promise<readonly string[]> {
  status.line(`model: ${model.name}`);
  status.line(`device: ${describeDevice(device)}`);
  const values = await model.read();
  const fingerprint = modelFingerprint(model, values, device);
  const parameters = await uploadParameters(device, model);
  const encoder = createEncoder({ device, model, parameters, chunk });
  const failed: string[] = [];
  try {
    for (const { name, create } of benchmarks) {
      const watched = watchedEncoder(encoder, {
        cache: cache === undefined ? undefined : { folder: cache, key: fingerprint },
        onProgress: ({ kind, ...info }) => status.update({ ...info, what: `${name}: ${kind}` }),
        log: status.line,
        signal,
      });
      try {
        signal?.throwIfAborted();
        status.line(`${name} …`);
        const evaluations = await (await create()).evaluate(watched, context);
        const { reused, computed } = watched.counts;
        status.line(`${name}: ${computed} embeddings computed, ${reused} taken from the cache`);
        await onScores(evaluations, fingerprint);
      } catch (error) {
        if (signal?.aborted || !(error instanceof Error) || isFault(error)) throw error;
        failed.push(name);
        status.line(`${name} cannot be scored: ${error.message}`);
      }
    }
    return failed;
  } finally {
    status.clear();
    await encoder.dispose();
    for (const tensor of parameters.values()) tensor.dispose();
  }
}

/** Whether an error is about the disk or this program, and no benchmark's own. */
function isFault(error: Error): boolean {
  return error.name === "StorageError" || error instanceof TypeError ||
    error instanceof ReferenceError;
}
