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
  /**
   * The run folder stands, nothing has been scored or trained yet.
   *
   * @param run What is known when a run starts or goes on.
   * @param run.folder The run folder.
   * @param run.manifest What `manifest.json` holds: the recipe with all its settings, device, versions.
   * @param run.from Steps done before, when a run goes on: 0 for a new one.
   * @param run.total Steps of the whole run.
   * @param run.log Tells the person who runs the recipe something, one line at a time.
   */
  onStart?(run: {
    readonly folder: string;
    readonly manifest: JsonObject;
    readonly from: number;
    readonly total: number;
    readonly log: (line: string) => void;
  }): void | Promise<void>;
  /**
   * A batch is composed; its step comes next.
   *
   * @param batch The batch.
   * @param batch.step The step that it is for: 1 for the first.
   * @param batch.epoch The epoch that it began in, 0-based.
   * @param batch.objective The name of the objective.
   * @param batch.ids What each row was made of.
   */
  onBatch?(batch: {
    readonly step: number;
    readonly epoch: number;
    readonly objective: string;
    readonly ids: readonly string[];
  }): void | Promise<void>;
  /**
   * A step is done, and its line stands in `metrics.jsonl`.
   *
   * @param step What that line holds, and what follows.
   * @param step.total Steps of the whole run.
   * @param step.deviceSeconds Seconds of the step that the device was at work.
   * @param step.samplesPerSecond Examples a second.
   */
  onStep?(
    step: StepRecord & {
      readonly total: number;
      readonly deviceSeconds: number;
      readonly samplesPerSecond: number;
    },
  ): void | Promise<void>;
  /**
   * Benchmarks have been scored; their files come next.
   *
   * @param scores The scores of the model at one stage of the run.
   * @param scores.stage `"before"`, `"after"`, a transformation's stage, or `"step-00000500"`.
   * @param scores.step Steps done.
   * @param scores.evaluations An evaluation for each data set.
   */
  onEvaluation?(scores: {
    readonly stage: string;
    readonly step: number;
    readonly evaluations: readonly Evaluation[];
  }): void | Promise<void>;
  /**
   * A checkpoint is written.
   *
   * @param checkpoint The checkpoint.
   * @param checkpoint.step Steps done.
   * @param checkpoint.path The file.
   */
  onCheckpoint?(checkpoint: { readonly step: number; readonly path: string }): void | Promise<void>;
  /**
   * The run is over: it has ended, was stopped, or failed.
   *
   * @param end How it came to its end.
   * @param end.folder The run folder.
   * @param end.steps Steps done, those before a resumption included.
   * @param end.completed Whether all was done: if not, the run can be resumed.
   * @param end.error What it failed with, if it failed.
   */
  onEnd?(end: {
    readonly folder: string;
    readonly steps: number;
    readonly completed: boolean;
    readonly error?: unknown;
  }): void | Promise<void>;
}

/** A hook that a recipe names: its options stand in the manifest and can be changed by path. */
export interface Hook extends Component, Hooks {
  /** The factory's name, which errors and manifests give it. */
  readonly name: string;
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
