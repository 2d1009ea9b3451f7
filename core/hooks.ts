/**
 * Hooks: what hears of a run without being part of it. A report, a logger, a plot, an alarm.
 *
 * All that a hook does is awaited, so a slow one slows the run. Of several, each event reaches them
 * in their order. A hook that throws ends the run with that error, as a component's would: whatever
 * may fail without harm (a logger's connection) is caught and told by the hook itself.
 *
 * A run that was stopped and resumed tells again what came after its last checkpoint; `onStart` says
 * from where.
 *
 * @module
 */
import type { Component, JsonObject } from "./component.ts";
import type { Evaluation } from "./evaluator.ts";
import type { StepRecord } from "./training/loop/step_record.ts";

/** What a hook may hear; each of its functions can be left out. */
export interface Hooks {
  /** Names it in errors. */
  readonly name: string;
  /** The run folder stands, nothing has been scored or trained yet. */
  onStart?(run: RunStart): void | Promise<void>;
  /** A batch is composed; its step comes next. */
  onBatch?(batch: BatchFacts): void | Promise<void>;
  /** A step is done, and its line stands in `metrics.jsonl`. */
  onStep?(step: StepFacts): void | Promise<void>;
  /** Benchmarks have been scored; their files come next. */
  onEvaluation?(scores: StageScores): void | Promise<void>;
  /** A checkpoint is written. */
  onCheckpoint?(checkpoint: CheckpointFacts): void | Promise<void>;
  /** The run is over: it has ended, was stopped, or failed. */
  onEnd?(end: RunEnd): void | Promise<void>;
}

/** A hook that a recipe names: its options stand in the manifest and can be changed by path. */
export interface Hook extends Component, Hooks {
  /** The factory's name, which errors and manifests give it. */
  readonly name: string;
}

/** What is known when a run starts or goes on. */
export interface RunStart {
  /** The run folder. */
  readonly folder: string;
  /** What `manifest.json` holds: the recipe with all its settings, device, versions. */
  readonly manifest: JsonObject;
  /** Steps done before, when a run goes on: 0 for a new one. */
  readonly from: number;
  /** Steps of the whole run. */
  readonly total: number;
  /** Tells the person who runs the recipe something, one line at a time. */
  readonly log: (line: string) => void;
}

/** A batch that is composed. */
export interface BatchFacts {
  /** The step that it is for: 1 for the first. */
  readonly step: number;
  /** The epoch that it began in, 0-based. */
  readonly epoch: number;
  /** The name of the objective. */
  readonly objective: string;
  /** What each row was made of. */
  readonly ids: readonly string[];
}

/** A step that is done. */
export interface StepFacts extends StepRecord {
  /** Steps of the whole run. */
  readonly total: number;
  /** Seconds of the step that the device was at work. */
  readonly deviceSeconds: number;
  /** Examples a second. */
  readonly samplesPerSecond: number;
}

/** The scores of a model at one stage of a run. */
export interface StageScores {
  /** `"before"`, `"after"`, a transformation's stage, or `"step-00000500"`. */
  readonly stage: string;
  /** Steps done. */
  readonly step: number;
  /** An evaluation for each data set. */
  readonly evaluations: readonly Evaluation[];
}

/** A checkpoint that is written. */
export interface CheckpointFacts {
  /** Steps done. */
  readonly step: number;
  /** The file. */
  readonly path: string;
}

/** How a run came to its end. */
export interface RunEnd {
  /** The run folder. */
  readonly folder: string;
  /** Steps done, those before a resumption included. */
  readonly steps: number;
  /** Whether all was done: if not, the run can be resumed. */
  readonly completed: boolean;
  /** What it failed with, if it failed. */
  readonly error?: unknown;
}

/** The events of {@linkcode Hooks} with what each is told. */
type Events = {
  readonly [Event in keyof Omit<Hooks, "name">]-?: Parameters<NonNullable<Hooks[Event]>>[0];
};

/** Tells an event to all hooks. */
export type TellHooks = <Event extends keyof Events>(
  event: Event,
  facts: Events[Event],
) => Promise<void>;

/**
 * Several hooks as one function that tells them an event, one after the other.
 *
 * @throws {Error} from that function, naming the hook and the event, with the hook's own error as its
 *   cause. The end of a run reaches all hooks whichever of them fails.
 */
export function tellHooks(hooks: readonly Hooks[]): TellHooks {
  return async (event, facts) => {
    let failed: Error | undefined;
    for (const hook of hooks) {
      try {
        await (hook[event] as ((facts: Events[typeof event]) => unknown) | undefined)
          ?.call(hook, facts);
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        failed ??= new Error(`the hook "${hook.name}" failed in ${event}: ${reason}`, { cause });
        if (event !== "onEnd") throw failed;
      }
    }
    if (failed !== undefined) throw failed;
  };
}
