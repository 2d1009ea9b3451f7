import { z } from "zod";
import { defineComponent } from "../../../core/define_component.ts";
import type { Benchmark } from "../../../core/benchmark.ts";
import { evaluateZeroShot, findZeroShotPictures } from "./evaluate_zero_shot.ts";
import { givenSource } from "../harness/given_source.ts";
import {
  CLASS_NAME_SETS,
  TEMPLATE_SETS,
  zeroShotClassNames,
  zeroShotTemplates,
} from "./zero_shot_names.ts";

/** Options of {@linkcode zeroShotClassification}. */
export interface ZeroShotClassificationOptions {
  /** The folder of the pictures. */
  readonly images: string;
  /** The name in results. */
  readonly dataset: string;
  /** Whether each class has a subfolder, or the files are CIFAR's. Default `"folder"`. */
  readonly format?: "folder" | "cifar10" | "cifar100";
  /**
   * What the classes are called in prompts, in the order of their subfolders' names: a list, or a
   * data set whose names CLIP_benchmark has (`"imagenet1k"`, `"flowers"`). Default `null`: the
   * subfolders' names with `_` as spaces.
   */
  readonly classes?: readonly string[] | string | null;
  /**
   * The prompts with `{c}` for the class: a list, or a data set whose templates CLIP_benchmark has.
   * Default `"imagenet1k"`: OpenAI's 80.
   */
  readonly templates?: readonly string[] | string;
  /** Use only so many pictures of each class, the first ones. Default `null`: all. */
  readonly limit?: number | null;
}

/** Names of one's own, or those of a data set that CLIP_benchmark has. */
const names = (what: string, known: readonly string[]) =>
  z.union([
    z.enum(known, { error: `a data set with ${what} (${known.join(", ")})` }),
    z.array(z.string().min(1)).min(1),
  ]);
const schema = z.strictObject({
  images: z.string().min(1),
  dataset: z.string().min(1),
  format: z.enum(["folder", "cifar10", "cifar100"]).default("folder"),
  classes: names("class names", CLASS_NAME_SETS).nullable().default(null),
  templates: names("templates", TEMPLATE_SETS).default("imagenet1k"),
  limit: z.int().min(1).nullable().default(null),
});

/**
 * Zero-shot classification of any pictures in a folder with a subfolder for each class, scored as
 * {@linkcode zeroShotImageNet}. `acc5` is left out where there are fewer than five classes.
 *
 * `evaluate` throws a `RangeError` if there are not as many names as subfolders.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { zeroShotClassification } from "@syntagma/syntagma/benchmarks";
 *
 * const pets = zeroShotClassification({
 *   images: "pets",
 *   dataset: "pets",
 *   classes: "pets",
 *   templates: "pets",
 * });
 * console.assert(pets.options.format === "folder");
 * ```
 */
export const zeroShotClassification: (
  options: ZeroShotClassificationOptions,
) => Benchmark = defineComponent({
  name: "zeroShotClassification",
  schema,
  make: (options) => {
    const templates = templatesOf(options.templates);
    const classes = options.classes === null ? null : classesOf(options.classes);
    const settings = { ...options, classes, templates, official: null, partial: true };
    return {
      source: givenSource(`Zero-shot classification of ${options.dataset}`),
      check: async (context) => {
        await findZeroShotPictures(context, settings);
      },
      evaluate: (encoder, context) => evaluateZeroShot(encoder, context, settings),
    };
  },
});

function classesOf(classes: string | readonly string[]): readonly string[] {
  return typeof classes === "string" ? zeroShotClassNames(classes) : classes;
}

function templatesOf(templates: string | readonly string[]): readonly string[] {
  return typeof templates === "string" ? zeroShotTemplates(templates) : templates;
}
