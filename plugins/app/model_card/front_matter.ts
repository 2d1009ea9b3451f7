import type { Json } from "../../../core/component.ts";
import type { Evaluation } from "../../../core/evaluator.ts";

/** What a card says to programs. */
export interface CardMetadata {
  /** The model's name. */
  readonly name: string;
  /** The names of the files in its folder. */
  readonly files: readonly string[];
  /** Where its weights came from. */
  readonly weights: string | undefined;
  /** The names of its objectives. */
  readonly objectives: readonly string[];
  /** Its scores. */
  readonly evaluations: readonly Evaluation[];
}

/**
 * The metadata of a model card between its lines of dashes, as Hugging Face's hub reads it: the
 * library, the task, the base model, tags, and the scores that stand for each data set
 * (`model-index`).
 */
export function frontMatter(
  { name, files, weights, objectives, evaluations }: CardMetadata,
): string {
  const base = baseModel(weights);
  const metadata: Readonly<Record<string, Json>> = {
    library_name: libraryOf(files),
    pipeline_tag: "zero-shot-image-classification",
    ...(base === undefined ? {} : { base_model: base, base_model_relation: "finetune" }),
    tags: [...new Set(["clip", "syntagma", "compositionality", ...objectives])],
    ...(evaluations.length === 0
      ? {}
      : { "model-index": [{ name, results: resultsOf(evaluations) }] }),
  };
  return `---\n${yaml(metadata, "")}---\n`;
}

/** Whose layout a folder has. */
function libraryOf(files: readonly string[]): string {
  if (files.includes("onnx")) return "transformers.js";
  return files.includes("open_clip_config.json") ? "open_clip" : "transformers";
}

/** The repository that weights came from, if it is one of the hub. */
function baseModel(weights: string | undefined): string | undefined {
  return /^hf:([\w.-]+\/[\w.-]+)/.exec(weights ?? "")?.[1]?.replace(/@.*$/, "");
}

function resultsOf(evaluations: readonly Evaluation[]): Json {
  return evaluations.filter(({ metrics, headline }) => Number.isFinite(metrics[headline]))
    .map(({ dataset, task, metrics, headline }) => ({
      task: { type: hubTask(task), name: task },
      dataset: { name: dataset, type: dataset },
      metrics: [{ type: "accuracy", name: headline, value: round(metrics[headline]!) }],
    }));
}

/** The hub's name of what was done. */
function hubTask(task: string): string {
  return task === "zeroshot_classification"
    ? "zero-shot-image-classification"
    : "zero-shot-retrieval";
}

function round(score: number): number {
  return Number(score.toFixed(4));
}

/** YAML in block form; every string is quoted, as JSON quotes it, so that none is taken for more. */
function yaml(value: Json, indent: string): string {
  if (Array.isArray(value)) {
    return value.map((each: Json) => {
      const inner = yaml(each, `${indent}  `);
      return isPlain(each)
        ? `${indent}- ${inner}\n`
        : `${indent}- ${inner.slice(indent.length + 2)}`;
    }).join("");
  }
  if (isPlain(value)) return JSON.stringify(value);
  return Object.entries(value as Readonly<Record<string, Json>>).map(([key, each]) =>
    isPlain(each)
      ? `${indent}${key}: ${JSON.stringify(each)}\n`
      : `${indent}${key}:\n${yaml(each, `${indent}  `)}`
  ).join("");
}

function isPlain(value: Json): boolean {
  return typeof value !== "object" || value === null;
}
