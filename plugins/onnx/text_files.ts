/**
 * What belongs to a text tower's graph: tokenizer and length of texts.
 *
 * @module
 */
import { dirname } from "node:path";
import type { Assets } from "../../core/assets.ts";
import { joinAddress } from "../../core/host/assets/address.ts";
import { readJson } from "../../core/host/storage/read_json.ts";
import type { Tokenizer } from "../../core/model.ts";
import { findTokenizer } from "../clip/tokenizer_choice.ts";
import type { LocatedOptions } from "./locate_graphs.ts";
import type { OnnxFile } from "./onnx_file.ts";
import { textInputs } from "./text_graph.ts";

/** A tokenizer and the folder that its files came from; none of CLIP's own. */
export interface FoundText {
  readonly tokenizer: Tokenizer;
  readonly folder?: string;
}

/** The folder of a file, and the one around it where the file's is called `onnx`. */
export function foldersOf(address: string): readonly string[] {
  const folder = dirname(address);
  return /(^|\/)onnx$/.test(folder) ? [folder, dirname(folder)] : [folder];
}

/**
 * The tokenizer that the options name, or that stands beside the text's graph.
 *
 * @throws {RangeError} if there is none.
 */
export async function textTokenizer(
  { text, tokenizer }: LocatedOptions,
  assets: Assets,
): Promise<FoundText> {
  if (tokenizer === "clip") {
    const choice = { kind: "clip", reference: "transformers", full: false } as const;
    return { tokenizer: (await findTokenizer(choice, dirname(text), assets)).tokenizer };
  }
  const folders = tokenizer === undefined ? foldersOf(text) : [tokenizer];
  let folder = folders[0]!;
  for (const each of folders) {
    if (await assets.optionalFile(joinAddress(each, "tokenizer.json")) === undefined) continue;
    folder = each;
    break;
  }
  const choice = { kind: "file", cleaning: "none", full: false } as const;
  return { tokenizer: (await findTokenizer(choice, folder, assets)).tokenizer, folder };
}

/** How long texts are. */
export interface TextLength {
  /** The most tokens. */
  readonly contextLength: number;
  /** Whether all are filled up to that. */
  readonly isFull: boolean;
}

/** What tokenizers without a limit of their own say is larger than this. */
const ENDLESS = 1e6;

/**
 * How long a graph's texts are: as long as its axis, or else as the options or the tokenizer's file say.
 *
 * @throws {RangeError} if nobody says it, or it is said otherwise than the graph has it.
 */
export async function textLength(
  file: OnnxFile,
  { contextLength, length }: LocatedOptions,
  folder: string | undefined,
  assets: Assets,
): Promise<TextLength> {
  const { ids, mask } = textInputs(file);
  const own = ids.shape[1];
  if (own !== undefined) {
    if ((contextLength ?? own) === own) return { contextLength: own, isFull: true };
    throw new RangeError(
      `onnxModel.contextLength: expected ${own}, which ${file.address} takes, found ${contextLength}`,
    );
  }
  const isFull = length === undefined ? mask === undefined : length === "full";
  const known = contextLength ??
    (folder === undefined ? undefined : await fromFile(folder, assets));
  if (known !== undefined) return { contextLength: known, isFull };
  throw new RangeError(
    `onnxModel.contextLength: expected the most tokens of a text, which neither ${file.address} nor its ` +
      "tokenizer tells",
  );
}

async function fromFile(folder: string, assets: Assets): Promise<number | undefined> {
  const path = await assets.optionalFile(joinAddress(folder, "tokenizer_config.json"));
  const config = path === undefined ? undefined : await readJson(path);
  const found = (config as { readonly model_max_length?: unknown } | undefined)?.model_max_length;
  return typeof found === "number" && Number.isInteger(found) && found > 1 && found < ENDLESS
    ? found
    : undefined;
}
