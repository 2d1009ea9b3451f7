import { writeFileAtomically } from "../../../core/host/storage/atomic_file.ts";
import { citedEntries } from "../report/cite.ts";
import { readRun } from "../report/read_run.ts";
import { cardText } from "./card_text.ts";
import { namesIn } from "../report/names_in.ts";

/**
 * Writes a model card, `README.md`, into each model folder of a run that has come to its end.
 *
 * @param references BibTeX of what a recipe's components are of, by their names.
 * @returns the paths of the cards.
 * @throws {RangeError} if the folder is that of no run.
 * @throws {StorageError} if a card cannot be written.
 */
export async function writeCards(
  folder: string,
  references: Readonly<Record<string, readonly string[]>> = {},
): Promise<readonly string[]> {
  const { manifest, stages } = await readRun(folder, `${folder}/sweep`);
  const names = Array.isArray(manifest.stages) ? manifest.stages.map(String) : ["before", "after"];
  const cited = citedEntries(manifest.recipe, references);
  const written: string[] = [];
  for (const [model, stage] of [["model-trained", "after"], ["model", names.at(-1)!]] as const) {
    const files = await namesIn(`${folder}/${model}`);
    if (files.length === 0) continue;
    const path = `${folder}/${model}/README.md`;
    const text = cardText({ manifest, stage, stages, files, references: cited });
    await writeFileAtomically(path, text);
    written.push(path);
  }
  return written;
}
