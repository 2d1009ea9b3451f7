/**
 * What the page's table shows of a folder.
 *
 * @module
 */

/** How far a run has come; `"broken"`: its folder does not hold what it should. */
export type ViewState = "done" | "running" | "stopped" | "broken";

/** A run, a study, or a folder of results. */
export interface ViewRow {
  /** Its folder, below the one that is looked at, with slashes. */
  readonly id: string;
  /** What it is; a folder that is broken may not say it. */
  readonly kind: "run" | "study" | "results" | "unknown";
  /** The recipe, the study, or the weights that were scored. */
  readonly name: string;
  /** The objectives that it trains, or a study's arms. */
  readonly methods: readonly string[];
  /** The model. */
  readonly model: string;
  /** The settings that were given beside the recipe. */
  readonly overrides: readonly string[];
  /** When it began, as ISO 8601; empty where that is not known. */
  readonly started: string;
  readonly state: ViewState;
  /** What is wrong with it. */
  readonly fault: string | null;
  /** The last step that it has done; of a study, how many runs are done. */
  readonly step: number;
  /** Of how many. */
  readonly steps: number;
  /** Whether there is a report. */
  readonly report: boolean;
  /** The models that were scored: `before`, `after`, … */
  readonly stages: readonly string[];
  /** The scores that stand for the data sets. */
  readonly scores: readonly ViewScore[];
  /** Changes when scores are added. */
  readonly scored: string;
}

/** A score at each stage. */
export interface ViewScore {
  readonly dataset: string;
  readonly metric: string;
  /** Whether another one of the row averages it. */
  readonly part: boolean;
  /** By stage, in [0, 1]; null where it was not taken. */
  readonly values: readonly (number | null)[];
}

/** The steps that a run has done since they were asked for last. */
export interface ViewSteps {
  /** What to ask with the next time. */
  readonly next: string;
  /** Whether these are all of the run's steps, and those known before no longer count. */
  readonly all: boolean;
  readonly steps: readonly import("../report/read_steps.ts").StepLine[];
}
