import { z } from "zod";
import { checkContent } from "../../../core/check_content.ts";
import type { JsonObject } from "../../../core/component.ts";
import type { Encoder } from "../../../core/evaluator.ts";
import { writeFileAtomically } from "../../../core/host/storage/atomic_file.ts";
import { embedReadable } from "../../../core/scoring/embed_readable.ts";
import { embedTexts } from "../../../core/scoring/embed_texts.ts";
import { claimFacts } from "../../../core/host/storage/claim_facts.ts";
import {
  type EmbeddedRows,
  faultsName,
  type Part,
  type PartFormat,
  writePart,
} from "./embed_part.ts";

/** What an embedding is of, for the file beside its parts. */
export interface EmbedFacts extends JsonObject {
  /** The model, for people. */
  readonly model: string;
  /** Where its weights came from. */
  readonly weights: string;
  /** Of each tower, by all that its embeddings depend on. */
  readonly towers: { readonly image: string; readonly text: string };
  /** What was embedded, for people. */
  readonly source: string;
  /** The same by its rows. */
  readonly data: string;
  /** Values of an embedding; each has length 1. */
  readonly dim: number;
  readonly format: PartFormat;
  readonly rowsAPart: number;
}

/** What {@linkcode embedAll} needs. */
export interface EmbedOptions {
  /** The folder that parts are written to. */
  readonly out: string;
  readonly facts: EmbedFacts;
  readonly encoder: Encoder;
  /** Hears what is done. */
  readonly log: (line: string) => void;
  /** Stops the work after the part that it is at, or within it. */
  readonly signal?: AbortSignal;
}

/** What came of it. */
export interface EmbedReport {
  /** Rows that were embedded now. */
  readonly rows: number;
  /** Parts that were there before. */
  readonly kept: number;
  /** Pictures that cannot be decoded, and are in no part written now. */
  readonly broken: number;
}

/** The file that says what the parts beside it are of. */
export const FACTS_FILE = "embeddings.json";

/**
 * Embeds parts, one after another, into files of a folder; those that are there already are passed
 * over, so that what was stopped goes on, and several processes can each do some of the parts.
 *
 * A picture that cannot be decoded is in no row; `<part>.faults.jsonl` names it.
 *
 * @throws {RangeError} if the folder holds parts of another model, of other data or in another form.
 * @throws the reason of `signal` once it is aborted.
 */
export async function embedAll(
  parts: readonly Part[],
  { out, facts, encoder, log, signal }: EmbedOptions,
): Promise<EmbedReport> {
  await Deno.mkdir(out, { recursive: true });
  await claimFolder(out, facts);
  let [rows, kept, broken] = [0, 0, 0];
  for (const [place, part] of parts.entries()) {
    signal?.throwIfAborted();
    const file = `${out}/${part.name}.${facts.format}`;
    if (await Deno.stat(file).then(() => true, () => false)) {
      kept++;
      continue;
    }
    const embedded = await embedPart(part, encoder, async (faults) => {
      broken += faults.length;
      const lines = faults.map((fault) => `${JSON.stringify(fault)}\n`).join("");
      await writeFileAtomically(`${out}/${faultsName(part.name)}`, lines);
    });
    await writePart(file, facts.format, embedded);
    rows += embedded.facts.length;
    log(`${part.name}: ${embedded.facts.length} rows (part ${place + 1} of ${parts.length})`);
  }
  return { rows, kept, broken };
}

async function embedPart(
  { set, start, rows: count }: Part,
  encoder: Encoder,
  onBroken: (faults: readonly { readonly id: string; readonly reason: string }[]) => Promise<void>,
): Promise<EmbeddedRows> {
  const { dim } = encoder;
  const facts = Array.from({ length: count }, (_, row) => set.facts(start + row));
  if (set.kind === "texts") {
    return { rows: await embedTexts(encoder, facts.map(({ text }) => text!)), facts, dim };
  }
  const { rows, kept, broken } = await embedReadable(
    encoder,
    count,
    (row) => set.picture(start + row),
    (row) => facts[row]!.id,
  );
  if (broken.size > 0) {
    await onBroken([...broken].map(([row, { message }]) => (
      { id: facts[row]!.id, reason: message }
    )));
  }
  return { rows, facts: kept.map((row) => facts[row]!), dim };
}

/** What is read of the file beside the parts. */
export const factsSchema = z.object({
  weights: z.string(),
  source: z.string(),
  towers: z.object({ image: z.string(), text: z.string() }),
  data: z.string(),
  dim: z.int(),
  format: z.string(),
  rowsAPart: z.int(),
});

/**
 * Writes what the folder is of, or makes sure that it is of the same.
 *
 * @throws {RangeError} if the folder holds parts of another model, of other data or in another form.
 */
export async function claimFolder(out: string, facts: EmbedFacts): Promise<void> {
  const file = `${out}/${FACTS_FILE}`;
  const other = await claimFacts(
    file,
    facts,
    (value: unknown) => checkContent(file, "what embeddings are of", factsSchema, value),
    ["towers", "data", "dim", "format", "rowsAPart"],
  );
  if (other === undefined) return;
  const { before, differs } = other;
  const what = {
    towers: `embeddings by another model (${before.weights})`,
    data: `embeddings of other data (${before.source})`,
    dim: `embeddings of ${before.dim} values`,
    format: `parts as ${before.format}`,
    rowsAPart: `parts of ${before.rowsAPart} rows`,
  }[differs];
  throw new RangeError(`${out}: holds ${what}; choose another folder`);
}
