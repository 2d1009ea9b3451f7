/**
 * Syntagma teaches CLIP models that word order matters: a framework for compositional fine-tuning
 * that trains on ONNX Runtime, with gradients derived as ONNX graphs.
 *
 * This module holds the interfaces that recipes and plugins are written against.
 *
 * @module
 */
export type { Assets, RemoteFile } from "./core/assets.ts";
export type { OptionsIssue, OptionsSchema } from "./core/check_options.ts";
export type { Component, Json, JsonObject } from "./core/component.ts";
export type { Context } from "./core/context.ts";
export type { DataFault, DataSet, DataSource, ExampleRecord } from "./core/dataset.ts";
export { type ComponentDefinition, defineComponent } from "./core/define_component.ts";
export { defineRecipe } from "./core/define_recipe.ts";
export type { Hook, Hooks } from "./core/hooks.ts";
export { describeRecipe } from "./core/describe_recipe.ts";
export type { Encoder, Evaluation, Evaluator, ItemScore } from "./core/evaluator.ts";
export { PictureError } from "./core/images/picture_error.ts";
export type { PicturePool } from "./core/images/picture_pool.ts";
export type { PictureOperation } from "./core/images/operation.ts";
export type { Normalization, Raster } from "./core/images/raster.ts";
export type { SquareFit } from "./core/images/square_fit.ts";
export type {
  Loss,
  LossContext,
  LossExtra,
  LossExtras,
  LossParameter,
  LossResult,
  LossState,
} from "./core/loss.ts";
export type {
  DualEncoder,
  HostTensor,
  ImageTower,
  ModelFeature,
  ModelSource,
  PackTensors,
  ParameterLookup,
  ParameterSpec,
  PrefixSharing,
  Preprocessing,
  TextTower,
  Tokenizer,
  TowerOutputs,
} from "./core/model.ts";
export {
  type ComposeContext,
  type Composer,
  type Composition,
  type Objective,
  objective,
  ofNegatives,
} from "./core/objective.ts";
export type { PrepareContext } from "./core/prepare_context.ts";
export type { Optimizer, ParameterGroup, Schedule } from "./core/optimizer.ts";
export {
  type BenchmarkList,
  definePlugin,
  type ModelFamily,
  type Plugin,
  type PluginEntry,
} from "./core/plugin.ts";
export type { Literature } from "./core/literature.ts";
export { type NegativeGenerator } from "./core/negative_generator.ts";
export type {
  Benchmark,
  BenchmarkEntry,
  BenchmarkOptions,
  BenchmarkSource,
} from "./core/benchmark.ts";
export type { PluginSet } from "./core/join_plugins.ts";
export { overrideRecipe } from "./core/override.ts";
export { createRandom, type Random } from "./core/random.ts";
export type { Recipe, RecipeSettings } from "./core/recipe.ts";
export { type Fault, SettingsError } from "./core/settings_error.ts";
export { defineStudy, type Study, type StudyArm } from "./core/study.ts";
export type { StepRecord } from "./core/training/loop/step_record.ts";
export type { Transformation, TransformationContext, Weights } from "./core/transformation.ts";

if (import.meta.main) {
  console.error(
    "error: this is the library; the command line is: deno run -A jsr:@syntagma/syntagma/main recipe",
  );
  Deno.exit(2);
}
