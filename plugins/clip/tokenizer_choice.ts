/**
 * Which tokenizer goes with weights, and where it is found.
 *
 * @module
 */
import type { Assets } from "../../core/assets.ts";
import { joinAddress } from "../../core/host/assets/address.ts";
import { importLater } from "../../core/import_later.ts";
import type { Tokenizer } from "../../core/model.ts";
import { knownBert } from "./bert/known_berts.ts";
import type { FileTokenizerOptions, TokenizerFiles } from "./file_tokenizer.ts";
import { clipTokenizer, type TokenizerReference } from "./tokenizer.ts";

/** CLIP's own tokenizer, or one that is read from files. */
export type TokenizerChoice = ClipTokenizerChoice | FileTokenizerChoice;

/** CLIP's own. */
export interface ClipTokenizerChoice {
  readonly kind: "clip";
  readonly reference: TokenizerReference;
  /** Whether ids are as many as there are places. */
  readonly full: boolean;
}

/** One that is read from files: those beside the weights, or else those of a repository. */
export interface FileTokenizerChoice extends FileTokenizerOptions {
  readonly kind: "file";
  /** The repository's name, as the configuration has it. */
  readonly repository?: string | undefined;
}

/** A tokenizer, and the files that it was read from. */
export interface FoundTokenizer {
  readonly tokenizer: Tokenizer;
  readonly files?: TokenizerFiles;
}

/** The address of a repository by the name that a configuration gives it. */
export function repositoryAddress(name: string): string | undefined {
  if (/^[\w.-]+\/[\w.-]+$/.test(name)) return `hf:${name}`;
  // Programs know these by a short name.
  const bert = knownBert(name);
  if (bert === undefined) return undefined;
  return `hf:${bert.family === "BERT" ? "google-bert" : "FacebookAI"}/${name}`;
}

/**
 * Finds a tokenizer.
 *
 * @param folder The address of the weights' folder.
 * @throws {RangeError} if its files are neither beside the weights nor at a known place.
 */
export async function findTokenizer(
  choice: TokenizerChoice,
  folder: string,
  assets: Assets,
): Promise<FoundTokenizer> {
  if (choice.kind === "clip") {
    const tokenizer = await clipTokenizer(choice.reference, assets);
    return { tokenizer: choice.full ? filled(tokenizer) : tokenizer };
  }
  const files = await findFiles(choice, folder, assets);
  const { fileTokenizer } = await importLater<typeof import("./file_tokenizer.ts")>(
    "./file_tokenizer.ts",
    import.meta.url,
  );
  return { tokenizer: await fileTokenizer(files, choice), files };
}

async function findFiles(
  { repository }: FileTokenizerChoice,
  folder: string,
  assets: Assets,
): Promise<TokenizerFiles> {
  const elsewhere = repository === undefined ? undefined : repositoryAddress(repository);
  for (const place of elsewhere === undefined ? [folder] : [folder, elsewhere]) {
    const tokenizer = await assets.optionalFile(joinAddress(place, "tokenizer.json"));
    if (tokenizer === undefined) continue;
    const config = await assets.file(joinAddress(place, "tokenizer_config.json"));
    return { tokenizer, config };
  }
  throw new RangeError(
    `${folder}: expected the tokenizer of these weights beside them (tokenizer.json and ` +
      `tokenizer_config.json)${elsewhere === undefined ? "" : ` or in ${elsewhere}`}, found none`,
  );
}

/** The same tokenizer with its padding written out. */
function filled(tokenizer: Tokenizer): Tokenizer {
  return {
    padding: tokenizer.padding,
    encode(text, contextLength) {
      const ids = tokenizer.encode(text, contextLength);
      return [...ids, ...new Array<number>(contextLength - ids.length).fill(tokenizer.padding)];
    },
  };
}
