import { z } from "zod";
import type { Evaluation } from "../../../core/evaluator.ts";

const strings = z.array(z.string());
const shares = z.record(z.string(), z.number());

/** The schema of {@linkcode Evaluation.chance} and {@linkcode Evaluation.wordBag}. */
export const standardsShape = {
  chance: shares.exactOptional(),
  wordBag: shares.exactOptional(),
};

/** The schema of {@linkcode Evaluation.partial}. */
export const partialSchema = z.object({ of: z.number(), missing: strings }).exactOptional();

/** The schema of all scores of a model as they are kept in files. */
export const evaluationsSchema: z.ZodType<readonly Evaluation[]> = z.array(z.object({
  dataset: z.string(),
  task: z.string(),
  metrics: shares,
  ...standardsShape,
  items: z.number(),
  headline: z.string(),
  itemScores: z.array(z.object({
    id: z.string(),
    images: strings.exactOptional(),
    texts: strings.exactOptional(),
    scores: z.array(z.number()),
    correct: z.record(z.string(), z.boolean()),
    group: z.string().exactOptional(),
  })).exactOptional(),
  parts: strings.exactOptional(),
  partial: partialSchema,
}));
