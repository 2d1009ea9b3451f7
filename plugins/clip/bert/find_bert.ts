import { z } from "zod";
import type { Assets } from "../../../core/assets.ts";
import { joinAddress } from "../../../core/host/assets/address.ts";
import { readText } from "../../../core/host/storage/read_text.ts";
import { parseJson } from "../../../core/parse_json.ts";
import { repositoryAddress } from "../tokenizer_choice.ts";
import type { BertConfig } from "./bert_config.ts";
import { knownBert, otherFamily, otherTower } from "./known_berts.ts";
import { isBertType, parseBert } from "./parse_bert.ts";

const openClip = z.object({
  model_cfg: z.object({ text_cfg: z.object({ hf_model_name: z.string().min(1) }) }),
});
const typed = z.object({ model_type: z.string() });

/**
 * The transformer that an `open_clip_config.json` names as its text tower, if it names one that is none
 * of the published ones: by the `config.json` beside the weights, or else in the repository of that name.
 *
 * @param folder The address of the weights' folder.
 * @returns Undefined if there is none, or none of these families.
 * @throws {SyntaxError} if a file is none of its kind, or of a transformer that is not computed here.
 */
export async function findBert(
  file: { readonly path: string; readonly text: string },
  folder: string,
  assets: Assets,
): Promise<BertConfig | undefined> {
  const { data } = openClip.safeParse(parseJson(file.path, file.text));
  if (data === undefined) return undefined;
  const name = data.model_cfg.text_cfg.hf_model_name;
  if (knownBert(name) !== undefined || otherFamily(name) !== undefined) return undefined;
  const repository = repositoryAddress(name);
  for (const place of repository === undefined ? [folder] : [folder, repository]) {
    const path = await assets.optionalFile(joinAddress(place, "config.json"));
    if (path === undefined) continue;
    const text = await readText(path);
    const type = typed.safeParse(parseJson(path, text)).data?.model_type;
    if (isBertType(type)) return parseBert(path, text);
    // Beside the weights it may describe anything.
    if (place === folder) continue;
    const family = type ?? "of an unknown kind";
    throw new SyntaxError(otherTower(file.path, "the configuration of a CLIP", family, name));
  }
  return undefined;
}
