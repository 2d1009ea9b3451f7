import type { Json, JsonObject } from "../../../core/component.ts";
import { compareModels } from "../results/compare.ts";
import { escapeCell, formatComparison } from "../results/format_comparison.ts";
import type { StageEvaluations } from "../results/table.ts";
import { frontMatter } from "./front_matter.ts";
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
 * A model card: metadata for the hub, then for people what the model is, what it was made from and how,
 * its scores beside those before training, what it cannot do, and what to cite.
 */
export function cardText({ manifest, stage, stages, files, references }: CardParts): string {
  const recipe = objectAt(manifest, "recipe");
  const name = textAt(recipe, "name") ?? "model";
  const weights = textAt(objectAt(recipe, "model"), "weights");
  const objectives = namesOf(recipe.objectives);
  const scored = stages.filter((each) => each.stage === "before" || each.stage === stage);
  const own = stages.find((each) => each.stage === stage)?.evaluations ?? [];
  const sections = [
    `# ${name}`,
    `${textAt(recipe, "description") ?? "A CLIP model"}: a fine-tune of ${
      textAt(manifest, "model") ?? "a CLIP model"
    }, made with Syntagma.`,
    ["## How it was made", table(howRows(manifest, recipe, stage))].join("\n\n"),
    ["## Scores", scoresText(scored)].join("\n\n"),
    ["## Use", useText(files)].join("\n\n"),
    ["## Limits", LIMITS].join("\n\n"),
    ...references.length === 0
      ? []
      : [["## Citation", `\`\`\`bibtex\n${references.join("\n\n")}\n\`\`\``].join("\n\n")],
  ];
  const metadata = { name, files, weights, objectives, evaluations: own };
  return `${frontMatter(metadata)}\n${sections.join("\n\n")}\n`;
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
  if (stages.every(({ evaluations }) => evaluations.length === 0)) return "It was not scored.";
  const rows = compareModels(stages).filter(({ headline }) => headline);
  const text = formatComparison(rows, stages.map(({ stage }) => stage), "markdown");
  return `${SCORES_LEGEND}\n\n${text.trimEnd()}`;
}

function useText(files: readonly string[]): string {
  const open = files.includes("open_clip_config.json")
    ? 'model, _, preprocess = open_clip.create_model_and_transforms("local-dir:.")'
    : 'model = CLIPModel.from_pretrained(".")';
  const language = "```";
  return [
    `${language}ts\nimport { loadModel } from "@syntagma/syntagma/models";\n\n` +
    'await using model = await loadModel(".");\n' +
    'const { cosines } = await model.similarity(["photo.jpg"], ["a caption", "another"]);\n' +
    language,
    `The files are in the layout of ${
      files.includes("open_clip_config.json") ? "open_clip" : "transformers"
    }: \`${open}\`, unless the tokenizer is of this project's small model.`,
  ].join("\n\n");
}

const LIMITS =
  "It inherits what its base model can and cannot do, the base model's licence, and the biases of " +
  "the data of both trainings. Scores hold for these data sets; a benchmark of compositionality can " +
  "be answered in part from the texts alone. A cosine or a softmax over captions says which fits " +
  "best, not whether any is true. It was made for research and has not been examined for use on " +
  "people.";

function table(rows: readonly (readonly [string, string])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escapeCell).join(" | ")} |`;
  return [line(["", ""]), "| --- | --- |", ...rows.map(line)].join("\n");
}

/** A component in a line: its name and its plain options. */
function described(value: Json | undefined): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "unknown";
  const { name, kind, description, ...options } = value as JsonObject;
  if (kind !== undefined) return `${kind}, ${description ?? ""}`;
  const plain = Object.entries(options)
    .filter(([, each]) => typeof each !== "object" || Array.isArray(each))
    .filter(([, each]) => !Array.isArray(each) || each.length > 0)
    .map(([key, each]) => `${key} ${Array.isArray(each) ? each.join(", ") : each}`);
  return [`${name ?? "unknown"}`, ...plain].join("; ");
}

function namesOf(list: Json | undefined): readonly string[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((each: Json) => textAt(each as JsonObject, "name") ?? []);
}

function textAt(value: JsonObject, key: string): string | undefined {
  const found = value[key];
  return typeof found === "string" ? found : undefined;
}
