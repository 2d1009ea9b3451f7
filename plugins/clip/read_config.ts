import type { Assets } from "../../core/assets.ts";
import { joinAddress } from "../../core/host/assets/address.ts";
import { readText } from "../../core/host/storage/read_text.ts";
import type { Preprocessing } from "../../core/model.ts";
import { findBert } from "./bert/find_bert.ts";
import type { ModelParts } from "./model_parts.ts";
import { openClipParts } from "./open_clip_parts.ts";
import { type ParsedConfig, parseHuggingFaceConfig, plainConfig } from "./parse_config.ts";
import { parseOpenClip } from "./parse_open_clip.ts";
import { parsePreprocessor } from "./parse_preprocessing.ts";
import { parseSiglip, siglipParts } from "./siglip/siglip_parts.ts";

/** What the files beside weights describe: a CLIP, or a model of another family. */
export type FoundConfig =
  | { readonly kind: "clip"; readonly parsed: ParsedConfig }
  | { readonly kind: "parts"; readonly parts: ModelParts };

/**
 * What the files beside the weights say; undefined if there is no configuration.
 *
 * @param folder The address of the weights' folder.
 * @param tensors Names in the weights, which tell whose layout it is.
 * @throws {SyntaxError} if a file is none of its kind, or of a model that is not computed here.
 */
export async function readConfig(
  folder: string,
  tensors: readonly string[],
  assets: Assets,
): Promise<FoundConfig | undefined> {
  const read = async (name: string) => {
    const path = await assets.optionalFile(joinAddress(folder, name));
    return path === undefined ? undefined : { path, text: await readText(path) };
  };
  if (!tensors.some((name) => /(^|\.)vision_model\./.test(name))) {
    const file = await read("open_clip_config.json");
    if (file === undefined) return undefined;
    const bert = await findBert(file, folder, assets);
    const model = parseOpenClip(file.path, file.text, bert);
    const config = plainConfig(model);
    if (config !== undefined) {
      return { kind: "clip", parsed: { config, preprocessing: model.preprocessing } };
    }
    return { kind: "parts", parts: openClipParts(model, isCustomText(tensors, model.isCustom)) };
  }
  const file = await read("config.json");
  if (file === undefined) return undefined;
  if (/"model_type"\s*:\s*"siglip"/.test(file.text)) {
    const config = parseSiglip(file.path, file.text);
    const preprocessing = await readPreprocessing(read, config.image.size, "siglip");
    const tokenizer = await read("tokenizer_config.json");
    return { kind: "parts", parts: siglipParts(config, preprocessing, tokenizer) };
  }
  const { config } = parseHuggingFaceConfig(file.path, file.text);
  const preprocessing = await readPreprocessing(read, config.image.size, "clip");
  return {
    kind: "clip",
    parsed: preprocessing === undefined ? { config } : { config, preprocessing },
  };
}

/** Whether the text tower's names begin with `text.`, or with something before that. */
function isCustomText(tensors: readonly string[], otherwise: boolean): boolean {
  if (tensors.some((name) => /(^|\.)text\.token_embedding\.weight$/.test(name))) return true;
  if (tensors.some((name) => /(^|\.)token_embedding\.weight$/.test(name))) return false;
  return otherwise;
}

async function readPreprocessing(
  read: (name: string) => Promise<{ readonly path: string; readonly text: string } | undefined>,
  size: number,
  processor: "clip" | "siglip",
): Promise<Preprocessing | undefined> {
  const found: { readonly path: string; readonly preprocessing: Preprocessing }[] = [];
  for (const name of ["processor_config.json", "preprocessor_config.json"]) {
    const file = await read(name);
    if (file === undefined) continue;
    const preprocessing = parsePreprocessor(file.path, file.text, size, processor);
    if (preprocessing !== undefined) found.push({ path: file.path, preprocessing });
  }
  const [first, second] = found;
  if (
    first !== undefined && second !== undefined &&
    JSON.stringify(first.preprocessing) !== JSON.stringify(second.preprocessing)
  ) {
    throw new SyntaxError(
      `${first.path} and ${second.path} contradict each other (transformers 5 goes by the first, ` +
        "older versions by the second); remove the one that is wrong",
    );
  }
  return first?.preprocessing;
}
