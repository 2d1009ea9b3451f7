/**
 * What open_clip and transformers do to texts before a tokenizer sees them.
 *
 * @module
 */
import { fixText } from "./ftfy/fix_text.ts";
import { unescapeHtml } from "./ftfy/html_entities.ts";

/** open_clip's `whitespace`, `lower` and `canonicalize`; transformers' for SigLIP, and nothing. */
export type Cleaning = "whitespace" | "lower" | "canonicalize" | "siglip" | "small" | "none";

/** White space as Python's `split()` and `strip()` see it. */
const SPACES = String.raw`[\p{White_Space}\x1c-\x1f]+`;
const SPACE = new RegExp(SPACES, "gu");
const ENDS = new RegExp(`^${SPACES}|${SPACES}$`, "gu");
/** Python's `string.punctuation`. */
const PUNCTUATION = /[!-/:-@[-`{-~]/g;

/** A text as the tokenizer of such weights is given it. */
export function cleanText(text: string, cleaning: Cleaning): string {
  return CLEANINGS[cleaning](text);
}

const CLEANINGS: Readonly<Record<Cleaning, (text: string) => string>> = {
  whitespace: (text) => joined(repaired(text)),
  lower: (text) => joined(repaired(text)).toLowerCase(),
  canonicalize: (text) =>
    joined(repaired(text).replaceAll("_", " ").replace(PUNCTUATION, "").toLowerCase()),
  // `SiglipTokenizer.canonicalize_text`
  siglip: (text) => trimmed(text.toLowerCase().replace(PUNCTUATION, "")),
  // `Siglip2Tokenizer`: as the library tokenizers makes letters small, one by one
  small: (text) => Array.from(text, (letter) => letter.toLowerCase()).join(""),
  none: (text) => text,
};

function repaired(text: string): string {
  return unescapeHtml(unescapeHtml(fixText(text)));
}

function joined(text: string): string {
  return trimmed(text.replace(SPACE, " "));
}

function trimmed(text: string): string {
  return text.replace(ENDS, "");
}
