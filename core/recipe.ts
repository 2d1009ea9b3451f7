/**
 * Recipes: what is trained on what, how, and how it is judged.
 *
 * @module
 */
import type { DataSource } from "./dataset.ts";
import type { Hook } from "./hooks.ts";
import type { Evaluator } from "./evaluator.ts";
import type { ModelSource } from "./model.ts";
import type { Objective } from "./objective.ts";
import type { Optimizer, Schedule } from "./optimizer.ts";
import type { Transformation } from "./transformation.ts";

/** The settings of a recipe, as its file writes them down. */
export interface RecipeSettings {
  /** Names the recipe and its run folders: lower case, digits and hyphens. */
  readonly name: string;
  /** One line for the list of recipes. */
  readonly description: string;
  /** What is trained. */
  readonly model: ModelSource;
  /** What it is trained on. */
  readonly data: DataSource;
  /** Steps take these in turn, the first one first. */
  readonly objectives: readonly Objective[];
  /** How gradients become new parameters; its `lr` is the schedule's peak. */
  readonly optimizer: Optimizer;
  /** The learning rate over the run's steps. */
  readonly schedule: Schedule;
  /**
   * What is not trained: parts of the model (`"image"`, `"text"`, `"logit_scale"`) or patterns of
   * parameter names, in which `*` stands for anything. Default: nothing.
   */
  readonly frozen?: readonly string[];
  /** Examples a step. */
  readonly batch: number;
  /** Times through the data. Default 1. */
  readonly epochs?: number;
  /** Stop after so many steps; the schedule ends there too. Default: all steps of the epochs. */
  readonly steps?: number | null;
  /** The most rows that a tower embeds at a time; larger batches go in chunks. Default 64. */
  readonly chunk?: number;
  /** Seed of every random choice. Default 0. */
  readonly seed?: number;
  /** Steps between checkpoints; 0 keeps only the last. Default 500. */
  readonly checkpointEvery?: number;
  /**
   * Benchmarks run before training, after it and after each transformation that follows. Default:
   * none.
   */
  readonly evaluators?: readonly Evaluator[];
  /**
   * Steps between evaluations during training, which change nothing of what is trained; 0 evaluates
   * only before and after. Default 0.
   */
  readonly evaluateEvery?: number;
  /** What is done to the trained weights, in this order. Default: nothing. */
  readonly after?: readonly Transformation[];
  /** What hears of the run; nothing that is trained may depend on it. Default: nothing. */
  readonly hooks?: readonly Hook[];
}

/** A recipe whose settings were checked, with all defaults filled in. */
export type Recipe = Required<RecipeSettings>;
