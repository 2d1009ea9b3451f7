import type { Context } from "../../../core/context.ts";
import type { Device } from "../../../core/device/device.ts";
import type { PluginSet } from "../../../core/join_plugins.ts";
import type { NamedBenchmark } from "../evaluate/benchmark_list.ts";
import { evaluateModel } from "../evaluate/evaluate_model.ts";
import { isFault } from "../evaluate/is_fault.ts";
import { openResultFolder, type ResultFolder } from "../evaluate/result_folder.ts";
import type { Progress } from "../terminal/progress.ts";
import type { Checkpoint } from "./checkpoint_list.ts";
import { type CheckpointState, readState, writeState } from "./checkpoint_state.ts";

/** What {@linkcode scoreCheckpoint} needs. */
export interface ScoreOptions {
  /** Those that are to be scored. */
  readonly benchmarks: readonly NamedBenchmark[];
  /** What benchmarks were made with, so that others' scores are not taken for these. */
  readonly choices: unknown;
  /** The folder of this checkpoint's scores. */
  readonly folder: string;
  readonly plugins: PluginSet;
  readonly device: Device;
  readonly context: Context;
  readonly progress: Progress;
  readonly chunk: number;
  readonly cache?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What came of a checkpoint. */
export interface ScoredCheckpoint {
  readonly checkpoint: Checkpoint;
  /** How far it has come. */
  readonly state: CheckpointState;
  /** Why the weights could not be had, or are not what the list says. */
  readonly problem?: string;
  /** The benchmarks that could not be scored. */
  readonly failed: readonly string[];
}

/** How {@linkcode Checkpoint.activation} reads where a model says what it computes. */
const ACTIVATIONS = { quick_gelu: "QuickGELU", gelu: "GELU" } as const;

/** How the address of a file of weights ends. */
const WEIGHTS = /\.(safetensors|pt|pth|bin|ckpt)$/;

/**
 * Scores a checkpoint with those benchmarks that it has no scores of yet. Weights that cannot be had,
 * or are not what the list says, are a problem that is told, and no error.
 *
 * @throws the reason of `signal` once it is aborted; what the disk or this program is at fault of.
 */
export async function scoreCheckpoint(
  checkpoint: Checkpoint,
  { benchmarks, choices, folder, plugins, ...options }: ScoreOptions,
): Promise<ScoredCheckpoint> {
  const { id, address, sha256 = null, activation, part } = checkpoint;
  const { context, device, progress } = options;
  const made = JSON.stringify({ address, sha256, activation, part, device: device.kind, choices });
  const file = `${folder}/state.json`;
  let state = await readState(file, made);
  const left = benchmarks.filter(({ name }) => !Object.hasOwn(state.done, name));
  if (left.length === 0) {
    progress.line(`${id}: all is scored already`);
    return { checkpoint, state, failed: [] };
  }
  progress.line(`${id} …`);
  await Deno.mkdir(folder, { recursive: true });
  let results: ResultFolder | undefined;
  try {
    if (sha256 !== null) await context.assets.file(address, { sha256 });
    const source = await plugins.source(address, {
      // A repository tells it itself, and what it tells is held against the list.
      ...(activation === null || !WEIGHTS.test(address) ? {} : { activation }),
      ...(part === undefined ? {} : { part }),
    });
    const model = await source.load(context);
    const failed = await evaluateModel(model, left, {
      ...options,
      onStart: async ({ image, text }, settings) => {
        const wanted = activation && ACTIVATIONS[activation];
        if (wanted && !settings.startsWith(`${wanted};`)) {
          throw new RangeError(`expected ${wanted}, as the list says, found ${settings}`);
        }
        state = { ...state, settings };
        const fingerprint = `${image} ${text}`;
        const provenance = { fingerprint, weights: address, device: device.kind, settings };
        const label = { model: model.name.replace(/ \(.*\)$/, ""), pretrained: id };
        results = await openResultFolder(folder, provenance, label);
      },
      onScores: async (evaluations, name) => {
        await results!.add(evaluations);
        const datasets = evaluations.map(({ dataset }) => dataset);
        state = { ...state, done: { ...state.done, [name]: datasets } };
        await writeState(file, state);
      },
    });
    return { checkpoint, state, failed };
  } catch (error) {
    if (options.signal?.aborted || !(error instanceof Error) || isFault(error)) throw error;
    progress.line(`${id} cannot be scored: ${error.message}`);
    return { checkpoint, state, problem: error.message, failed: [] };
  }
}
