import type { Json, JsonObject } from "../../../core/component.ts";
import { compareModels } from "../results/compare.ts";
import { formatComparison } from "../results/format_comparison.ts";
import type { StageEvaluations } from "../results/table.ts";
import { formCard, NOT_SCORED } from "./form_card.ts";
import { objectAt } from "../report/facts.ts";

/** What a card is made of. */
export interface CardParts {
  /** What the run was made of: its `manifest.json`. */
  readonly manifest: JsonObject;
  /** The stage that the model stands at: `"after"`, or that of a transformation. */
  readonly stage: string;
  /** The scores of the run's stages, as far as there are any. */
  readonly stages: readonly StageEvaluations[];
  /** The names of the files in the model's folder. */
  readonly files: readonly string[];
  /** BibTeX of what is to be cited. */
  readonly references: readonly string[];
}

/**
 * The card of a run's model: what it is, what it was made from and how, its scores beside those before
 * training, what it cannot do, and what to cite.
 */
export function cardText({ manifest, stage, stages, files, references }: CardParts): string {
  const recipe = objectAt(manifest, "recipe");
  const scored = stages.filter((each) => each.stage === "before" || each.stage === stage);
  return formCard({
    name: textAt(recipe, "name") ?? "model",
    summary: `${textAt(recipe, "description") ?? "A CLIP model"}: a fine-tune of ${
      textAt(manifest, "model") ?? "a CLIP model"
    }, made with Syntagma.`,
    how: howRows(manifest, recipe, stage),
    scores: scoresText(scored),
    files,
    weights: textAt(objectAt(recipe, "model"), "weights"),
    objectives: namesOf(recipe.objectives),
    evaluations: stages.find((each) => each.stage === stage)?.evaluations ?? [],
    references,
  });
}

function howRows(
  manifest: JsonObject,
  recipe: JsonObject,
  stage: string,
): readonly (readonly [string, string])[] {
  const data = objectAt(manifest, "data");
  const parameters = objectAt(manifest, "parameters");
  const { trained, frozen } = parameters;
  const versions = objectAt(manifest, "versions");
  const [program, version] = Object.entries(versions)[0] ?? [];
  return [
    ["Weights it began with", textAt(manifest, "model") ?? "unknown"],
    ["Data", `${textAt(data, "name") ?? "unknown"}, ${data.examples ?? "unknown"} examples`],
    ["Objectives", namesOf(recipe.objectives).join(", ")],
    ["Optimiser", described(recipe.optimizer)],
    ["Schedule", described(recipe.schedule)],
    ["Steps × batch", `${manifest.steps ?? "?"} × ${recipe.batch ?? "?"}`],
    ["Trained", `${trained ?? "?"} values; frozen: ${frozen ?? "?"}`],
    ["After training", stage === "after" ? "nothing" : stage],
    ["Seed", `${recipe.seed ?? "?"}`],
    ["Device", described(manifest.device)],
    ["How it computes", textAt(manifest, "settings") ?? "unknown"],
    ["Made with", program === undefined ? "unknown" : `${program} ${version}`],
  ];
}

const SCORES_LEGEND = "`before` is the model that training began with.";

function scoresText(stages: readonly StageEvaluations[]): string {
  if (stages.every(({ evaluations }) => evaluations.length === 0)) return NOT_SCORED;
  const rows = compareModels(stages).filter(({ headline }) => headline);
  const text = formatComparison(rows, stages.map(({ stage }) => stage), "markdown");
  return `${SCORES_LEGEND}\n\n${text.trimEnd()}`;
}

/** A component in a line: its name and its plain options. */
export function described(value: Json | undefined): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "unknown";
  const { name, kind, description, ...options } = value as JsonObject;
  if (kind !== undefined) return `${kind}, ${description ?? ""}`;
  const plain = Object.entries(options)
    .filter(([, each]) => typeof each !== "object" || Array.isArray(each))
    .filter(([, each]) => !Array.isArray(each) || each.length > 0)
    .map(([key, each]) => `${key} ${Array.isArray(each) ? each.join(", ") : each}`);
  return [`${name ?? "unknown"}`, ...plain].join("; ");
}

/** The names of the components in a list. */
export function namesOf(list: Json | undefined): readonly string[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((each: Json) => textAt(each as JsonObject, "name") ?? []);
}

function textAt(value: JsonObject, key: string): string | undefined {
  const found = value[key];
  return typeof found === "string" ? found : undefined;
}
