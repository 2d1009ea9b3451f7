import { sha256OfText } from "../../core/host/sha256_of_text.ts";
import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import { shortened } from "../../core/shortened.ts";
import { readText } from "../../core/host/storage/read_text.ts";
import type { NegativeGenerator } from "../../core/negative_generator.ts";
import type { PrepareContext } from "../../core/prepare_context.ts";
import { MANIFEST, parseLine, parseManifest, parseShortLine, partName } from "./frozen_format.ts";

const schema = z.strictObject({
  path: z.string().min(1),
  slots: z.int().min(1).default(4),
  missing: z.enum(["error", "null"]).default("error"),
});

/**
 * Negatives that were written ahead, by {@linkcode writeNegatives} or by others, such as a language
 * model; `prepare` reads them into memory.
 * A caption has the same ones in every epoch.
 *
 * `prepare` throws a {@linkcode RangeError} if there are other slots than said or parts are missing,
 * a {@linkcode SyntaxError} if a file holds something else, a part that is not what was written
 * included; `generate` throws a
 * {@linkcode RangeError} if a caption is not there, unless `missing` says `"null"`.
 *
 * @param options.path The folder that `writeNegatives` wrote, or a file of JSON lines in the form
 *   of its parts, `{"caption", "negatives"}`, whoever made it (`.jsonl`): a path, or an `hf:` or
 *   `https:` address.
 * @param options.slots How many negatives a caption has in it; a line of a file may have fewer.
 *   Default 4.
 * @param options.missing What a caption gets that is not in it: an `"error"` that names it (the
 *   default), or `"null"`s.
 * @throws {RangeError} if an option is unknown or has a value that is none of its own.
 *
 * @example
 * ```ts
 * import { frozenNegatives } from "@syntagma/syntagma/negatives";
 *
 * const negatives = frozenNegatives({ path: "data/coco_negatives" });
 * console.assert(negatives.slots === 4);
 * ```
 */
export const frozenNegatives: (
  options: { readonly path: string; readonly slots?: number; readonly missing?: "error" | "null" },
) => NegativeGenerator = defineComponent({
  name: "frozenNegatives",
  schema,
  make: (settings) => ({
    slots: settings.slots,
    prepare: async (context) => {
      // A dry run's generated captions are in no file.
      const prepared = context.rehearsal ? { ...settings, missing: "null" as const } : settings;
      const known = await (isFile(settings.path) ? readLines : read)(settings, context);
      return {
        ...frozenNegatives(prepared),
        // An async function, so that a missing caption rejects as a file that cannot be read does.
        generate: async (caption: string) => await lookUp(known, caption, prepared),
      };
    },
    generate: () =>
      Promise.reject(
        new Error("frozenNegatives: expected prepare() to be called before generate()"),
      ),
  }),
});

/** Captions with their negatives as JSON: a string takes less memory than a list of strings. */
type Known = ReadonlyMap<string, string>;

function lookUp(
  known: Known,
  caption: string,
  { path, slots, missing }: z.infer<typeof schema>,
): readonly (string | null)[] {
  const found = known.get(caption);
  if (found !== undefined) return JSON.parse(found);
  if (missing === "null") return Array(slots).fill(null);
  throw new RangeError(
    `${path}: expected negatives of every caption, found none of ${JSON.stringify(caption)}`,
  );
}

function isFile(path: string): boolean {
  return /\.jsonl$/i.test(path);
}

/** A file from elsewhere says nothing of itself: each line is looked at. */
async function readLines(
  { path, slots }: { readonly path: string; readonly slots: number },
  { assets, log }: Pick<PrepareContext, "assets" | "log">,
): Promise<Known> {
  const file = await assets.file(path);
  const known = new Map<string, string>();
  for (const [i, text] of (await readText(file)).split(/\r?\n/).entries()) {
    if (text.trim() === "") continue;
    const { caption, negatives } = parseShortLine(`${file}, line ${i + 1}`, text, slots);
    known.set(caption, JSON.stringify(negatives));
  }
  log(`negatives of ${known.size} captions from ${path}`);
  return known;
}

async function read(
  { path, slots }: { readonly path: string; readonly slots: number },
  { assets, log }: Pick<PrepareContext, "assets" | "log">,
): Promise<Known> {
  const folder = path.replace(/\/+$/, "");
  const manifestPath = await assets.file(`${folder}/${MANIFEST}`);
  const manifest = parseManifest(manifestPath, await readText(manifestPath));
  if (manifest.slots !== slots) {
    throw new RangeError(
      `frozenNegatives.slots: expected ${manifest.slots}, as in ${folder}, found ${slots}`,
    );
  }
  const known = new Map<string, string>();
  for (const [part, hash] of manifest.parts.entries()) {
    const name = partName(part);
    const file = hash === null ? undefined : await assets.optionalFile(`${folder}/${name}`);
    if (file === undefined) {
      throw new RangeError(
        `${folder}: expected ${manifest.parts.length} parts, found no ${name}; ` +
          "writing negatives was not finished, and the same command goes on",
      );
    }
    const text = await readText(file);
    const found = sha256OfText(text);
    if (found !== hash) {
      throw new SyntaxError(
        `${file}: expected the part that was written, with SHA-256 ${
          shortened(String(hash))
        }, found ${found}; ` +
          "the command that wrote it writes it again",
      );
    }
    const lines = text.split("\n").slice(0, -1);
    for (const [i, text] of lines.entries()) {
      const { caption, negatives } = parseLine(`${file}, line ${i + 1}`, text, slots);
      known.set(caption, JSON.stringify(negatives));
    }
  }
  if (known.size !== manifest.captions.count) {
    throw new RangeError(
      `${folder}: expected ${manifest.captions.count} captions, found ${known.size}`,
    );
  }
  log(`negatives of ${known.size} captions from ${folder}`);
  return known;
}
