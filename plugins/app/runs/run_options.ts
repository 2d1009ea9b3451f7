import type { Assets } from "../../../core/assets.ts";
import type { Context } from "../../../core/context.ts";
import type { Hooks } from "../../../core/hooks.ts";
import type { StageEvaluations } from "../results/table.ts";
import type { Evaluation } from "../../../core/evaluator.ts";
import type { DeviceKind } from "../../../core/device/device.ts";
import type { Processes } from "../../../core/processes/processes.ts";
import type { Progress } from "../terminal/progress.ts";

/** What a dry run needs beside the recipe. */
export interface DryRunOptions extends RunSurroundings {
  /** The folder that run folders would be made in, whose disk is looked at. */
  readonly runs: string;
  /**
   * Files that are looked for ahead of the estimate: those that are not there yet are downloaded if
   * they are small, and otherwise only asked for (`AssetsOptions.largest`).
   */
  readonly lookedFor: Assets;
  /**
   * Tells how the memory stands, in bytes: what this process has, what is left of the machine's, and
   * all that it has. Default: as it is.
   */
  readonly memory?: () => {
    readonly used: number;
    readonly available: number;
    readonly total: number;
  };
}

/** Where a recipe came from. */
export type RunSource = NonNullable<RunOptions["source"]>;

/** What a run and a dry run have in common. */
export type RunSurroundings =
  & Required<Pick<RunOptions, "device" | "context" | "progress">>
  & Pick<RunOptions, "signal" | "threads" | "processes">;

/**
 * What a run needs beside the recipe. Without a device it takes the best; without a context or
 * progress it opens its own.
 */
export interface RunOptions {
  /** The device asked for; `"auto"` takes the best that is no software adapter. */
  readonly device?: "auto" | DeviceKind;
  /** What components may use of the world. */
  readonly context?: Context;
  /** Shows how the work gets on. */
  readonly progress?: Progress;
  /** Asks to stop early. */
  readonly signal?: AbortSignal;
  /** Threads that compute on the processor. Default: as many as `processes` says. */
  readonly threads?: number;
  /** The processes that share the run. Default: this one is alone. */
  readonly processes?: Processes;
  /** The folder that run folders are made in. */
  readonly runs: string;
  /** The run folder that goes on; without it a new one is made. */
  readonly resume?: string;
  /** Scores of the model before training, where they are known: they are not computed again. */
  readonly before?: readonly Evaluation[];
  /**
   * The folder in which embeddings of evaluations are kept, so that what a tower has embedded once it
   * need not embed again as long as it stays as it is; without one they are computed at each stage.
   */
  readonly embeddings?: string;
  /**
   * What hears of the run, after the hooks of the recipe itself. Default: `standardHooks()`, which
   * write a file for TensorBoard and the report.
   */
  readonly hooks?: readonly Hooks[];
  /**
   * Whether each of the processes that share the run keeps all of the optimiser's tensors and makes the
   * whole update, where by default each does so for its own part; the result is the same. Default
   * false.
   */
  readonly wholeStates?: boolean;
  /** Where the recipe came from, so that a run folder says by itself what is to go on: in the manifest. */
  readonly source?: {
    /** The recipe's name, or the address of its module: an absolute `file:`, `jsr:` or `https:` URL. */
    readonly recipe: string;
    /** The assignments that were laid over it, in order. */
    readonly overrides: readonly string[];
    /** The folder that relative paths start from: the working folder where the run began. */
    readonly folder: string;
    /** Of a study of several values of settings: these, as the command `study` takes them. */
    readonly sweep?: readonly string[];
    /** Of a study that `study` made: its seeds. */
    readonly seeds?: readonly number[];
  };
}

/** A device by name. */
export type DeviceChoice = RunSurroundings["device"];

/** What came of a run. */
export interface RunSummary {
  /** The run folder. */
  readonly folder: string;
  /** Steps done, those before a resumption included. */
  readonly steps: number;
  /** Whether that was all of them; if not, the run was stopped and can be resumed. */
  readonly completed: boolean;
  /** Scores before training; empty if the run was stopped before they were complete. */
  readonly before: readonly Evaluation[];
  /** Scores after training; empty if the run was stopped before they were complete. */
  readonly after: readonly Evaluation[];
  /** Scores after each transformation, in their order; empty if the run was stopped before that. */
  readonly transformed: readonly StageEvaluations[];
}

/** One thing that a run needs. */
export interface RunNeed {
  /** `"data"`, `"pictures"`, `"evaluators.<name>"`, `"weights"`, `"disk"`, or `"memory"` if it lacks. */
  readonly what: string;
  /** Whether the run can begin with it as it is. */
  readonly ready: boolean;
  /** What was found, for people; what is lacking, where it is not ready. */
  readonly state: string;
}

/** What a run needs and would take. */
export interface DryRunReport {
  /** Everything that was looked at, before the estimate. */
  readonly needs: readonly RunNeed[];
  /** What it would take; why that cannot be told, where the model's architecture is not known. */
  readonly estimate: RunEstimate | string;
}

/** What a run would take, measured on two steps that leave nothing behind. */
export interface RunEstimate {
  /** The device that was chosen. */
  readonly device: string;
  /** Why that one. */
  readonly deviceReason: string;
  /** Numbers of values. */
  readonly parameters: { readonly trained: number; readonly frozen: number };
  /** The most memory that parameters, optimiser and steps took, in bytes. */
  readonly memoryBytes: number;
  /** Seconds a step takes, for each objective that was measured. */
  readonly objectives: readonly { readonly name: string; readonly secondsPerStep: number }[];
  /** How many runs of programs were made, and how many were only counted. */
  readonly runs: { readonly made: number; readonly leftOut: number };
  /** Steps of the whole run; undefined where they depend on data that is not at hand. */
  readonly steps: number | undefined;
  /** Seconds that all steps would take; undefined where their number is not known. */
  readonly estimatedSeconds: number | undefined;
}
