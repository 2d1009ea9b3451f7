/**
 * The smallest components that fit a recipe: they check their options as real ones do and compute
 * nothing. For tests of what is around a recipe.
 *
 * @module
 */
import { z } from "zod";
import type { Component, JsonObject } from "../../core/component.ts";
import { defineComponent } from "../../core/define_component.ts";
import { type Composer, objective } from "../../core/objective.ts";
import type { DataSource } from "../../core/dataset.ts";
import type { Evaluator } from "../../core/evaluator.ts";
import type { Loss } from "../../core/loss.ts";
import type { ModelSource } from "../../core/model.ts";
import type { Optimizer, Schedule } from "../../core/optimizer.ts";
import type { RecipeSettings } from "../../core/recipe.ts";
import type { Transformation } from "../../core/transformation.ts";

const refuse = (): never => {
  throw new Error("not for work");
};

function fixture<C extends Component>(
  name: string,
  schema: z.ZodType<JsonObject>,
  members: Omit<C, keyof Component>,
): (options?: JsonObject) => C {
  return defineComponent({ name, schema, make: () => members }) as (options?: JsonObject) => C;
}

/** A model with an optional option that has no default. */
export const model: (options?: JsonObject) => ModelSource = fixture<ModelSource>(
  "toy",
  z.strictObject({ width: z.int().min(1).default(8), revision: z.string().exactOptional() }),
  { load: refuse, generate: refuse },
);

/** Data from a path. */
export const data: (options?: JsonObject) => DataSource = fixture<DataSource>(
  "table",
  z.strictObject({ path: z.string().default("captions.csv") }),
  { open: refuse },
);

/** A composer that provides captions and negatives. */
export const composer: (options?: JsonObject) => Composer<"caption" | "negative"> = fixture<
  Composer<"caption" | "negative">
>(
  "pairs",
  z.strictObject({ preset: z.enum(["plain", "strict"]).default("plain") }),
  { groups: { caption: 1, negative: 1 }, rows: 1, compose: refuse },
);

/** A loss that needs both groups. */
export const loss: (options?: JsonObject) => Loss<"caption" | "negative"> = fixture<
  Loss<"caption" | "negative">
>(
  "contrast",
  z.strictObject({ uniModal: z.number().min(0).default(1) }),
  { needs: ["caption", "negative"], compute: refuse },
);

/** An optimiser with two options that depend on each other and one that is a list. */
export const optimizer: (options?: JsonObject) => Optimizer = fixture<Optimizer>(
  "descent",
  z.strictObject({
    lr: z.number().positive().default(0.1),
    lowest: z.number().default(0),
    betas: z.array(z.number()).length(2).default([0.9, 0.999]),
  }).refine((all) => all.lowest < all.lr, {
    path: ["lowest"],
    error: "expected less than lr",
  }),
  { lr: 0.1, slots: [], groups: refuse, update: refuse },
);

/** A schedule without options. */
export const schedule: (options?: JsonObject) => Schedule = fixture<Schedule>(
  "flat",
  z.strictObject({}),
  { factor: () => 1 },
);

/** A benchmark. */
export const evaluator: (options?: JsonObject) => Evaluator = fixture<Evaluator>(
  "quiz",
  z.strictObject({ items: z.int().min(1).default(10) }),
  { evaluate: refuse },
);

/** Another benchmark. */
export const otherEvaluator: (options?: JsonObject) => Evaluator = fixture<Evaluator>(
  "test",
  z.strictObject({ items: z.int().min(1).default(20) }),
  { evaluate: refuse },
);

/** A transformation, `blend` by its stage. */
export const transformation: (options?: JsonObject) => Transformation = fixture<Transformation>(
  "blend",
  z.strictObject({ alpha: z.number().min(0).max(1).default(0.5) }),
  { stage: "blend", apply: refuse },
);

/** Settings that {@linkcode defineRecipe} takes. */
export function settings(changes: Partial<RecipeSettings> = {}): RecipeSettings {
  return {
    name: "toy-recipe",
    description: "A recipe for tests.",
    model: model(),
    data: data(),
    objectives: [objective("clic", composer(), loss()), objective("plain", composer(), loss())],
    optimizer: optimizer(),
    schedule: schedule(),
    batch: 4,
    evaluators: [evaluator()],
    ...changes,
  };
}
