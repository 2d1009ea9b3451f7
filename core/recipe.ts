/**
 * Recipes: what is trained on what, how, and how it is judged.
 *
 * @module
 */
import type { DataSource } from "./dataset.ts";
import type { Hook } from "./hooks.ts";
import type { Evaluator } from "./evaluator.ts";
import type { LossExtra } from "./loss.ts";
import type { ModelFeature, ModelSource } from "./model.ts";
import type { Objective } from "./objective.ts";
import type { Optimizer, Schedule } from "./optimizer.ts";
import type { Transformation } from "./transformation.ts";

/**
 * The settings of a recipe, as its file writes them down. `Feature` names what its model gives, which
 * is all that its losses may ask of it.
 */
export interface RecipeSettings<Feature extends ModelFeature = never> {
  /** Names the recipe and its run folders: lower case, digits and hyphens. */
  readonly name: string;
  /** One line for the list of recipes. */
  readonly description: string;
  /** What is trained. */
  readonly model: ModelSource<Feature>;
  /** What it is trained on. */
  readonly data: DataSource;
  /** Steps take these in turn, the first one first. */
  readonly objectives: readonly Objective<NoInfer<Feature> | Exclude<LossExtra, ModelFeature>>[];
  /** How gradients become new parameters; its `lr` is the schedule's peak. */
  readonly optimizer: Optimizer;
  /** The learning rate over the run's steps. */
  readonly schedule: Schedule;
  /**
   * Steps at the beginning with the rate 0, which fill the optimiser's moments and leave the weights as
   * they are; the schedule begins after them. Steps of the run count them too. Default 0.
   */
  readonly warmMoments?: number;
  /**
   * What is not trained: parts of the model (`"image"`, `"text"`, `"logit_scale"`) or patterns of
   * parameter names, in which `*` stands for anything. A loss's own parameters are the part `"loss"`.
   * Default: nothing.
   */
  readonly frozen?: readonly string[];
  /** What alone is trained, but for what is frozen, by the same names. Default: everything. */
  readonly trained?: readonly string[] | null;
  /**
   * The largest norm that the gradient of all trained parameters together may have; a larger one is
   * scaled down to it, and steps tell the norm. Default: any.
   */
  readonly clipNorm?: number | null;
  /**
   * Keeps a running average of the trained weights, `average ← decay·average + (1 − decay)·weights`
   * after every step, for losses that ask for it and for `averagedWeights()`; `decay` is from 0 to
   * below 1. Default: none.
   */
  readonly average?: { readonly decay: number } | null;
  /**
   * The model by which losses get `frozen` embeddings, with its own tokenizer and preprocessing.
   * Default: the recipe's model as it is before training.
   */
  readonly teacher?: ModelSource | null;
  /** Examples a step. */
  readonly batch: number;
  /** Times through the data. Default 1. */
  readonly epochs?: number;
  /** Stop after so many steps; the schedule ends there too. Default: all steps of the epochs. */
  readonly steps?: number | null;
  /** The most rows that a tower embeds at a time; larger batches go in chunks. Default 64. */
  readonly chunk?: number;
  /**
   * Gigabytes for what the chunks of a batch leave on their way through a tower until their way back.
   * Chunks for which there is no room go through it twice: nothing that is trained depends on it.
   * Default: an eighth of the memory of a machine that computes on its processor; none elsewhere.
   */
  readonly memory?: number | null;
  /**
   * What the towers compute in while they train. `"float16"` needs WebGPU with `shader-f16`, or CUDA:
   * products and activations are float16; weights, norms, softmax, sums, the loss, the optimiser and
   * evaluations stay float32, and the loss is scaled so that small gradients are not lost. Default
   * `"float32"`.
   */
  readonly precision?: "float32" | "float16";
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
  /**
   * Of the models that are evaluated during training and after it, the one that scores best is what
   * the run gives, not the last one; of equals the first. With `patience` training ends where so many
   * evaluations in a row were no better. Default: the last model.
   */
  readonly best?: {
    /** A data set of the evaluators by its name in results: `"sugar_crepe"`, `"scenes/swap_att"`. */
    readonly dataset: string;
    /** One of its metrics; larger is better. Default: the one that stands for it in tables. */
    readonly metric?: string;
    /** Evaluations without a better score after which training ends. Default: any number. */
    readonly patience?: number;
  } | null;
  /** What is done to the trained weights, in this order. Default: nothing. */
  readonly after?: readonly Transformation[];
  /** What hears of the run; nothing that is trained may depend on it. Default: nothing. */
  readonly hooks?: readonly Hook[];
}

/**
 * A recipe whose settings were checked, with all defaults filled in. What its losses ask of its model
 * was checked too and is forgotten here: recipes that are made of it are checked again.
 */
export type Recipe = Required<RecipeSettings>;
