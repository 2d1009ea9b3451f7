import { writeFileAtomically } from "../../../core/host/storage/atomic_file.ts";
import { toolVersions } from "../../../core/host/tool_versions.ts";
import { namesIn } from "../report/names_in.ts";
import { type CardFacts, formCard, NOT_SCORED } from "./form_card.ts";

/** What is known of a model that is no run's. */
export interface PlacedModel extends Pick<CardFacts, "summary" | "how"> {
  /** Where its weights came from, where one place can be told. */
  readonly weights?: string;
  /** The names of the objectives that it was trained with. Default: none. */
  readonly objectives?: readonly string[];
  /** How it can be scored. */
  readonly scoring: string;
  /** BibTeX of what is to be cited. Default: none. */
  readonly references?: readonly string[];
}

/** Stands in every card of ours, in its metadata. */
const MARK = '  - "syntagma"';

/**
 * Writes a model card, `README.md`, beside a model that no run has made. One that somebody else wrote
 * there stays.
 *
 * @returns whether it was written.
 * @throws {StorageError} if it cannot be written.
 */
export async function placeCard(folder: string, model: PlacedModel): Promise<boolean> {
  const path = `${folder}/README.md`;
  const there = await Deno.readTextFile(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return MARK;
    throw error;
  });
  if (!there.includes(MARK)) return false;
  const { objectives = [], references = [], weights, scoring } = model;
  const [program, version] = Object.entries(toolVersions())[0]!;
  const text = formCard({
    ...{ name: nameOf(folder), objectives, references, weights, evaluations: [] },
    summary: `${model.summary}, made with Syntagma.`,
    how: [...model.how, ["Made with", `${program} ${version}`]],
    scores: `${NOT_SCORED} ${scoring}`,
    files: (await namesIn(folder)).filter((name) => name !== "README.md"),
  });
  await writeFileAtomically(path, text);
  return true;
}

function nameOf(folder: string): string {
  return folder.replace(/[/\\]+$/, "").split(/[/\\]/).at(-1) || "model";
}
