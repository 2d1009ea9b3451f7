/**
 * Scores to files: each data set's in the form of LAION's CLIP_benchmark, and all of a model's
 * together with what single items came to.
 *
 * @module
 */
import type { Evaluation } from "../../../core/evaluator.ts";
import { writeFileAtomically } from "../../../core/host/storage/atomic_file.ts";

/** What CLIP_benchmark's files say about the model. */
export interface EvaluationLabel {
  /** The architecture: `"ViT-B-32-quickgelu"`. */
  readonly model: string;
  /** Where the weights come from; what tells the files before training from those after it. */
  readonly pretrained: string;
  /** Default `"en"`. */
  readonly language?: string;
}

/**
 * The folder beside CLIP_benchmark's files that holds what its `build` cannot read: it takes every
 * `.json` of a folder for a result of its own form.
 */
export const SCORES_FOLDER = "scores";

/** The file that holds all scores of a model in a folder of results. */
export const SCORES_FILE = `${SCORES_FOLDER}/all.json`;

/** The file beside it that says what the scores are scores of. */
export const PROVENANCE_FILE = `${SCORES_FOLDER}/provenance.json`;

/**
 * Writes scores in the form of LAION's CLIP_benchmark, under its name for them. Beside its own keys
 * stand `items`, `headline`, `partial` where not all items were scored (without it, three items would
 * read like the whole benchmark), and what the scores are to be compared with, `chance` and `wordBag`.
 *
 * @param folder Must exist.
 * @returns the path of the file.
 * @throws {StorageError} if the file cannot be written.
 */
export async function writeResult(
  folder: string,
  { dataset, task, metrics, items, headline, partial, chance, wordBag }: Evaluation,
  { model, pretrained, language = "en" }: EvaluationLabel,
): Promise<string> {
  const name = [dataset, pretrained, model, language, task].map(safeName).join("_");
  const file = `${folder}/${name}.json`;
  const theirs = { dataset, model, pretrained, task, metrics, language };
  const result = { ...theirs, items, headline, partial, chance, wordBag };
  await writeFileAtomically(file, `${JSON.stringify(result, null, 2)}\n`);
  return file;
}

/** As CLIP_benchmark does with slashes, and with all else that some file system refuses. */
function safeName(part: string): string {
  return part.replaceAll(/[^\p{L}\p{N}.+@=-]+/gu, "_");
}

/** Evaluations as JSON: readable, with every item on a line of its own. */
export function formatEvaluations(evaluations: readonly Evaluation[]): string {
  const texts = evaluations.map(({ itemScores, ...rest }) => {
    const text = JSON.stringify(rest, null, 2);
    if (itemScores === undefined) return text;
    const items = itemScores.map((item) => `    ${JSON.stringify(item)}`).join(",\n");
    return `${text.slice(0, -2)},\n  "itemScores": [\n${items}\n  ]\n}`;
  });
  return `[\n${texts.join(",\n")}\n]\n`;
}

/** The lines of items that {@linkcode formatEvaluations} writes: no text in JSON has a line's end. */
const ITEMS = /,\n {2}"itemScores": \[\n(?: {4}.*\n)*? {2}\](?=\n\})/g;

/**
 * The text of evaluations without what single items came to, which is most of it: for whoever wants
 * the scores of many models. Text in another form stays as it is.
 */
export function withoutItems(text: string): string {
  return text.replaceAll(ITEMS, "");
}
