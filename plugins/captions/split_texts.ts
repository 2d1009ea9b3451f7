import { splitDescription } from "../clic/split_description.ts";
import type { CheckedOptions } from "./caption_options.ts";

/** The captions of a row, the main one first; or why the row cannot be used. */
export type RowCaptions = readonly string[] | { readonly refused: string };

/**
 * Captions without empty ones, each once, or the sentences of descriptions.
 *
 * A text that is no Unicode (half of a surrogate pair, which JSON can write) is refused: it could
 * not be kept as it is.
 */
export function splitTexts(
  texts: readonly string[],
  split: CheckedOptions["split"],
): RowCaptions {
  // A row has few texts: a Set for each takes several times as long as looking through them.
  const plain: string[] = [];
  for (const given of texts) {
    if (!given.isWellFormed()) {
      return { refused: "expected Unicode, found half of a surrogate pair" };
    }
    const text = given.trim();
    if (text !== "" && !plain.includes(text)) plain.push(text);
  }
  if (split === "none") return plain;
  const sentences = plain.flatMap((text) => splitDescription(text, { preset: split }));
  return sentences.length >= 2 ? sentences : {
    refused:
      `expected a description of two sentences or more of 4 to 34 words, found ${sentences.length}`,
  };
}
