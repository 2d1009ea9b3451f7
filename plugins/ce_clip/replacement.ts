import type { Random } from "../../core/random.ts";
import { mendArticle } from "../language/mend_article.ts";
import type { Proposal } from "../language/word_proposer.ts";
import type { TaggedToken } from "../language/tagger.ts";

/** Which proposals are drawn from, and what is done to the word before them. */
export interface ReplacementSettings {
  readonly unchanged: "keep" | "drop";
  readonly articles: "keep" | "mend";
}

/**
 * One of the proposals, drawn with their weights; if what leaves the caption unchanged is dropped,
 * one other than the word itself.
 */
export function drawProposal(
  proposals: readonly Proposal[],
  original: string,
  random: Random,
  { unchanged }: Pick<ReplacementSettings, "unchanged">,
): string | undefined {
  const isOther = (word: string) => word.toLowerCase() !== original.toLowerCase();
  // Proposers seldom propose the word itself; to look through thousands of words for it takes longer
  // than to draw once more.
  const drawn = draw(proposals, random);
  if (drawn === undefined || unchanged === "keep" || isOther(drawn)) return drawn;
  return draw(proposals.filter(({ word }) => isOther(word)), random);
}

function draw(proposals: readonly Proposal[], random: Random): string | undefined {
  let total = 0;
  for (const { weight } of proposals) total += weight;
  let left = random.next() * total;
  for (const { word, weight } of proposals) {
    left -= weight;
    if (left < 0) return word;
  }
  // Rounding may leave a little over.
  return proposals.at(-1)?.word;
}

/** The caption with a word in the place of one of its tokens. */
export function putWord(
  caption: string,
  { start, end }: TaggedToken,
  word: string,
  { articles }: Pick<ReplacementSettings, "articles">,
): string {
  const put = caption.slice(0, start) + word + caption.slice(end);
  return articles === "mend" ? mendArticle(put, start) : put;
}
