import { z } from "zod";
import type { Cleaning } from "../clean_text.ts";
import { parseJson } from "../config_schema.ts";
import type { TokenizerChoice } from "../tokenizer_choice.ts";

const schema = z.looseObject({
  tokenizer_class: z.string().optional(),
  do_lower_case: z.boolean().optional(),
});

/**
 * What transformers' tokenizers of SigLIP do to texts: small letters and no punctuation
 * (`SiglipTokenizer`), or small letters alone (`Siglip2Tokenizer`; repositories of SigLIP 2 call it
 * Gemma's, and were trained on small letters).
 */
const CLEANING: Readonly<Record<string, Cleaning>> = {
  SiglipTokenizer: "siglip",
  SiglipTokenizerFast: "siglip",
  Siglip2Tokenizer: "small",
  GemmaTokenizer: "small",
  GemmaTokenizerFast: "small",
};

/**
 * The tokenizer of a SigLIP in transformers' layout: from the files beside it, as long as the context.
 *
 * @param file Its `tokenizer_config.json`; that none is there is told when it is looked for.
 * @throws {SyntaxError} if it is a tokenizer that no SigLIP has.
 */
export function siglipTokenizer(
  file: { readonly path: string; readonly text: string } | undefined,
): TokenizerChoice {
  if (file === undefined) return { kind: "file", cleaning: "siglip", full: true };
  const { tokenizer_class: name = "", do_lower_case } = parseJson(
    file.path,
    file.text,
    "the configuration of a tokenizer",
    schema,
  );
  if (!Object.hasOwn(CLEANING, name) || do_lower_case === false) {
    throw new SyntaxError(
      `${file.path}: ${do_lower_case === false ? "do_lower_case" : "tokenizer_class"}: expected ${
        do_lower_case === false ? "true" : Object.keys(CLEANING).join(", ")
      }, found ${do_lower_case === false ? "false" : JSON.stringify(name)}`,
    );
  }
  return { kind: "file", cleaning: CLEANING[name]!, full: true };
}
