import { createHash } from "node:crypto";
import { z } from "zod";
import { checkContent } from "../../core/check_content.ts";
import type { DataSet } from "../../core/dataset.ts";
import type { JsonObject } from "../../core/component.ts";
import { parseJson } from "../../core/parse_json.ts";

/** What a folder of negatives says of itself, in `manifest.json`. */
export interface FrozenManifest {
  /** The version of this format. */
  readonly format: 2;
  /** The generator: its name and options. */
  readonly generator: JsonObject;
  /** Negatives a caption has, gaps included. */
  readonly slots: number;
  /** The seed of every random choice. */
  readonly seed: number;
  /** The captions: where they are from, how many different ones, a SHA-256 of them in their order. */
  readonly captions: {
    readonly source: string;
    readonly count: number;
    readonly fingerprint: string;
  };
  /** Captions a part. */
  readonly part: number;
  /** A SHA-256 of each part's file; `null` where it is not written yet. */
  readonly parts: readonly (string | null)[];
  /** The tools that it was begun with: packages, this project, Deno. */
  readonly versions: Readonly<Record<string, string>>;
}

const manifestSchema = z.strictObject({
  format: z.literal(2),
  generator: z.record(z.string(), z.json()),
  slots: z.int().min(1),
  seed: z.int().min(0),
  captions: z.strictObject({
    source: z.string(),
    count: z.int().min(0),
    fingerprint: z.string(),
  }),
  part: z.int().min(1),
  parts: z.array(z.string().nullable()),
  versions: z.record(z.string(), z.string()),
});

/** One line of a part. */
export interface FrozenLine {
  readonly caption: string;
  readonly negatives: readonly (string | null)[];
}

const lineSchema = z.strictObject({
  caption: z.string(),
  negatives: z.array(z.string().nullable()),
});

/** The name of the manifest in its folder. */
export const MANIFEST = "manifest.json";

/** The name of a part in its folder. */
export function partName(part: number): string {
  return `part-${String(part).padStart(5, "0")}.jsonl`;
}

/** @throws {SyntaxError} if the text is no manifest of frozen negatives. */
export function parseManifest(path: string, text: string): FrozenManifest {
  return parse(path, text, manifestSchema) as FrozenManifest;
}

/** @throws {SyntaxError} if the text is no line of a part with so many negatives. */
export function parseLine(where: string, text: string, slots: number): FrozenLine {
  const line = parse(where, text, lineSchema);
  if (line.negatives.length === slots) return line;
  throw new SyntaxError(
    `${where}: expected ${slots} negatives, found ${line.negatives.length}`,
  );
}

/**
 * A line of a file that others made: it may have fewer negatives, and is filled up with gaps.
 *
 * @throws {SyntaxError} if the text is no such line or has more negatives.
 */
export function parseShortLine(where: string, text: string, slots: number): FrozenLine {
  const { caption, negatives } = parse(where, text, lineSchema);
  if (negatives.length <= slots) {
    return { caption, negatives: Array.from({ length: slots }, (_, i) => negatives[i] ?? null) };
  }
  throw new SyntaxError(
    `${where}: expected at most ${slots} negatives, as slots says, found ${negatives.length}`,
  );
}

function parse<T>(where: string, text: string, schema: z.ZodType<T>): T {
  return checkContent(where, "frozen negatives", schema, parseJson(where, text));
}

/** Every caption of a data set once, in the order of their first place. */
export function distinctCaptions(data: DataSet): readonly string[] {
  const captions = new Set<string>();
  for (let index = 0; index < data.length; index++) {
    for (const caption of data.record(index).captions) captions.add(caption);
  }
  return [...captions];
}

/** A SHA-256 in hexadecimal of captions and their order. */
export function fingerprintOf(captions: readonly string[]): string {
  const hash = createHash("sha256");
  // No caption holds a line end after JSON has written it.
  for (const caption of captions) hash.update(`${JSON.stringify(caption)}\n`);
  return hash.digest("hex");
}
