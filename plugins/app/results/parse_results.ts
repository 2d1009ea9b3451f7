/**
 * Scores from the text of one file, in any of the forms in which they are kept.
 *
 * @module
 */
// @ts-types="@types/papaparse"
import Papa from "papaparse";
import { z } from "zod";
import { checkContent } from "../../../core/check_content.ts";
import type { Evaluation } from "../../../core/evaluator.ts";
import { describeFound } from "../../../core/settings_error.ts";
import { checkDepth } from "../../../core/parse_json.ts";
import { parsePython } from "../../../core/parse_python.ts";
import { evaluationsSchema, partialSchema, standardsShape } from "./evaluations_schema.ts";

/** What a file tells of: one model whose name stands elsewhere, or models that it names itself. */
export type ParsedResults =
  | { readonly evaluations: readonly Evaluation[] }
  | { readonly labelled: readonly LabelledResult[] };

/** A score and the name of its model. */
export interface LabelledResult {
  /** The model, as the file names it. */
  readonly label: string;
  /** Its score on a data set. */
  readonly evaluation: Evaluation;
}

const resultSchema = z.object({
  dataset: z.string(),
  model: z.string(),
  pretrained: z.string(),
  task: z.string(),
  metrics: z.record(z.string(), z.union([z.number(), z.boolean(), z.null()])),
  language: z.string().optional(),
  // Ours: CLIP_benchmark does not write them.
  items: z.number().exactOptional(),
  headline: z.string().exactOptional(),
  partial: partialSchema,
  ...standardsShape,
});

/** What CLIP_benchmark's linear probe writes among its metrics and is no score. */
const SETTINGS: readonly string[] = [
  "weight_decay",
  "lr",
  "epochs",
  "seed",
  "fewshot_k",
  "normalized",
];

/** The metrics that stand for CLIP_benchmark's tasks, which does not say which one does. */
const HEADLINES: readonly string[] = ["acc", "acc1", "lp_acc1", "image_retrieval_recall@5"];

/**
 * Reads what is in a file of scores: a result of CLIP_benchmark, a list of them or a line for each,
 * the table that its `build` makes of them (`.csv`), or all scores of a model as they are kept here.
 *
 * A metric that could not be computed (`NaN`, which JSON does not know, or `null`, or an empty cell)
 * counts as absent.
 *
 * @param path Names the file in errors; its ending tells whether it is a table.
 * @throws {SyntaxError} if the text does not parse or holds no scores.
 */
export function parseResults(path: string, text: string): ParsedResults {
  if (/\.[ct]sv$/i.test(path)) return { labelled: parseTable(path, text) };
  const value = parseJson(path, text);
  if (!Array.isArray(value)) return { labelled: [labelledOf(check(path, value, resultSchema))] };
  // A model's own scores do not say whose they are.
  if (!value.some((each) => typeof each === "object" && each !== null && "pretrained" in each)) {
    return { evaluations: check(path, value, evaluationsSchema) };
  }
  return { labelled: check(path, value, z.array(resultSchema)).map(labelledOf) };
}

function labelledOf(
  { model, pretrained, language, dataset, task, metrics, ...ours }: z.infer<typeof resultSchema>,
): LabelledResult {
  const scores = Object.fromEntries(
    Object.entries(metrics).filter((entry): entry is [string, number] =>
      typeof entry[1] === "number" && !SETTINGS.includes(entry[0])
    ),
  );
  return {
    label: `${pretrained} ${model}`,
    evaluation: {
      // One model may be scored in several languages.
      dataset: language === undefined || language === "en" ? dataset : `${dataset} (${language})`,
      task,
      metrics: scores,
      items: ours.items ?? 0,
      headline: ours.headline ?? HEADLINES.find((name) => name in scores) ??
        Object.keys(scores)[0] ?? "",
      ...(ours.partial === undefined ? {} : { partial: ours.partial }),
      ...(ours.chance === undefined ? {} : { chance: ours.chance }),
      ...(ours.wordBag === undefined ? {} : { wordBag: ours.wordBag }),
    },
  };
}

/** Columns of a table of `build` that hold no metric. */
const COLUMNS = ["dataset", "model", "pretrained", "task", "language", "model_fullname", "items"]
  .concat(["headline", "partial", "chance", "wordBag", "classnames", "templates"]);

/** What Python and pandas write where a metric has no number. */
const NO_NUMBER = /^(|[+-]?nan|[+-]?inf|none|true|false|<NA>)$/i;

/** Columns that every such table has. */
const NEEDED = COLUMNS.slice(0, 4);

function parseTable(path: string, text: string): LabelledResult[] {
  const { data, meta } = Papa.parse<Record<string, string>>(text, {
    header: true,
    skipEmptyLines: "greedy",
  });
  const fields = meta.fields ?? [];
  const absent = NEEDED.filter((name) => !fields.includes(name));
  if (absent.length > 0) {
    throw new SyntaxError(
      `${path}: expected the columns ${
        NEEDED.join(", ")
      }, as CLIP_benchmark's build writes them, ` +
        `found no ${absent.join(", no ")}`,
    );
  }
  // `build` writes its columns in another order every time, pandas a number of the row without a name.
  const metrics = fields.filter((name) =>
    !COLUMNS.includes(name) && !/^(|Unnamed: \d+)$/.test(name) &&
    data.some((row) => numberIn(row[name]) !== undefined)
  ).toSorted();
  return data.map((row, index) => {
    const scores = metrics.flatMap((name) => {
      const cell = row[name] ?? "";
      const value = numberIn(cell);
      if (value === undefined && !NO_NUMBER.test(cell.trim())) {
        throw new SyntaxError(
          `${path}, row ${index + 2}: expected a number in column ${name}, found ${
            describeFound(cell)
          }`,
        );
      }
      return value === undefined ? [] : [[name, value]];
    });
    const items = numberIn(row["items"]);
    const result = {
      ...Object.fromEntries(NEEDED.map((name) => [name, row[name]])),
      language: row["language"] || undefined,
      metrics: Object.fromEntries(scores),
      ...(items === undefined ? {} : { items }),
      ...(row["headline"] ? { headline: row["headline"] } : {}),
      ...Object.fromEntries(
        ["partial", "chance", "wordBag"].filter((name) => row[name])
          .map((name) => [name, parsePython(row[name]!)]),
      ),
    };
    return labelledOf(check(`${path}, row ${index + 2}`, result, resultSchema));
  });
}

/** The number in a cell; undefined where there is none, or none that can be counted with. */
function numberIn(cell: string | undefined): number | undefined {
  const value = Number(cell);
  return cell === undefined || cell.trim() === "" || !Number.isFinite(value) ? undefined : value;
}

function parseJson(path: string, text: string): unknown {
  checkDepth(path, text);
  const first = tryJson(text);
  if ("value" in first) return first.value;
  // One result a line; a single line was tried already.
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  const parsed = lines.map(tryJson);
  if (lines.length > 1 && parsed.every((line) => "value" in line)) {
    return parsed.map(({ value }) => value);
  }
  throw new SyntaxError(`${path}: expected JSON: ${first.error.message}`, { cause: first.error });
}

type Tried = { readonly value: unknown } | { readonly error: SyntaxError };

function tryJson(text: string): Tried {
  try {
    return { value: JSON.parse(text) };
  } catch {
    // Python writes numbers that JSON does not have.
  }
  try {
    return { value: JSON.parse(withoutNotNumbers(text)) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { error };
  }
}

/** `null` for every `NaN`, `Infinity` and `-Infinity` outside of strings. */
function withoutNotNumbers(text: string): string {
  return text.replaceAll(
    /"(?:[^"\\]|\\.)*"|NaN|-?Infinity/g,
    (token) => token.startsWith('"') ? token : "null",
  );
}

function check<T>(path: string, value: unknown, schema: z.ZodType<T>): T {
  return checkContent(path, "scores", schema, value);
}
