import { join } from "node:path";
import { writeFileAtomically } from "../../core/storage/mod.ts";
import { type Assets, createRandom, type DataSet } from "../../mod.ts";
import { describeNested, type NegativeGenerator } from "../language/mod.ts";
import {
  distinctCaptions,
  fingerprintOf,
  type FrozenLine,
  type FrozenManifest,
  MANIFEST,
  parseManifest,
  partName,
} from "./frozen_format.ts";

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
  /** Hears what the generator says while it gets ready. */
  readonly log: (line: string) => void;
  /** The seed of every random choice. Default 0. */
  readonly seed?: number;
  /** Captions a part. Default 10,000. */
  readonly part?: number;
  /** Asks to stop after the part that is under way. */
  readonly signal?: AbortSignal;
  /** Hears how many captions are done, those of an earlier call included. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** What {@linkcode writeNegatives} came to. */
export interface WriteNegativesReport {
  /** How many different captions the data has. */
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
 * is written whole or not at all, and a call that finds some goes on with the others. A caption's
 * negatives depend on the generator, the seed and the caption alone.
 *
 * @throws {RangeError} if the folder was begun with another generator, seed or part, or for other
 *   captions; names what differs.
 * @throws {SyntaxError} if the folder holds another kind of manifest.
 */
export async function writeNegatives(
  options: WriteNegativesOptions,
): Promise<WriteNegativesReport> {
  const { data, folder, assets, log, seed = 0, part = 10_000, signal } = options;
  const captions = distinctCaptions(data);
  const manifest: FrozenManifest = {
    format: 1,
    generator: describeNested(options.negatives),
    slots: options.negatives.slots,
    seed,
    captions: { source: data.name, count: captions.length, fingerprint: fingerprintOf(captions) },
    part,
    parts: Math.ceil(captions.length / part),
    versions: { deno: Deno.version.deno, v8: Deno.version.v8, platform: Deno.build.target },
  };
  await begin(folder, manifest);

  let negatives: NegativeGenerator | undefined;
  let written = 0;
  let done = 0;
  for (let index = 0; index < manifest.parts; index++) {
    const chosen = captions.slice(index * part, (index + 1) * part);
    const path = join(folder, partName(index));
    if (!await exists(path)) {
      if (signal?.aborted) return { captions: captions.length, written, completed: false };
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
          options.onProgress?.(done + lines.length, captions.length);
        }
      }
      await writeFileAtomically(path, lines.map((line) => `${line}\n`).join(""));
      written += chosen.length;
    }
    done += chosen.length;
    options.onProgress?.(done, captions.length);
  }
  return { captions: captions.length, written, completed: true };
}

/** Writes the manifest, or makes sure that the one that is there is the same. */
async function begin(folder: string, manifest: FrozenManifest): Promise<void> {
  const path = join(folder, MANIFEST);
  await Deno.mkdir(folder, { recursive: true });
  if (!await exists(path)) {
    await writeFileAtomically(path, `${JSON.stringify(manifest, null, 2)}\n`);
    return;
  }
  const before = parseManifest(path, await Deno.readTextFile(path));
  const parts = ["generator", "slots", "seed", "captions", "part"] as const;
  const changes = parts.flatMap((key) => {
    const [was, is] = [JSON.stringify(before[key]), JSON.stringify(manifest[key])];
    return was === is ? [] : [`${key}: was ${was}, is ${is}`];
  });
  if (changes.length === 0) return;
  throw new RangeError(
    `${folder}: expected what these negatives were begun with, or another folder:\n${
      changes.join("\n")
    }`,
  );
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
