import type { SynonymTest } from "../language/synonym.ts";
import type { Tagger } from "../language/tagger.ts";
import { applySwap, possibleSwaps, type Swap, swapsSynonyms } from "../negclip/swap.ts";
import { tagCaption } from "../negclip/tag_caption.ts";
import { wordsOf } from "../negclip/words.ts";

/** How {@linkcode swapFirstNouns} goes about it. */
export interface RelationSettings {
  readonly tagger: Tagger;
  readonly areSynonyms: SynonymTest;
  readonly replacement: "word" | "substring";
  readonly symmetric: "keep" | "drop";
  readonly articles: "keep" | "mend";
}

/** Stands for a word while the other one takes its place; in no caption. */
const PLACEHOLDER = "\u0000";

/**
 * The caption after its first two nouns have changed places; `null` if it has no more than two, or
 * (`symmetric: "drop"`) the caption would mean the same. Where they are the same word it is the
 * caption again.
 */
export function swapFirstNouns(
  caption: string,
  { tagger, areSynonyms, replacement, symmetric, articles }: RelationSettings,
): string | null {
  const tokens = tagCaption(caption, tagger);
  const nouns = wordsOf("NOUN", caption, tokens).map((index) => tokens[index]!);
  const [first, second] = nouns;
  if (first === undefined || second === undefined || nouns.length <= 2) return null;
  const swap: Swap = { kind: "nouns", first, second };
  if (symmetric === "drop") {
    const changesMeaning = possibleSwaps(caption, { tagger, symmetric, articles }).some((each) =>
      each.kind === "nouns" && each.first.start === first.start &&
      each.second.start === second.start
    );
    if (!changesMeaning || swapsSynonyms(caption, swap, areSynonyms)) return null;
  }
  if (replacement === "word") return applySwap(caption, swap, { articles });
  return caption.replaceAll(first.text, PLACEHOLDER).replaceAll(second.text, first.text)
    .replaceAll(PLACEHOLDER, second.text);
}
