import type { Random } from "../../mod.ts";
import { mendArticle, type Proposal, type TaggedToken } from "../language/mod.ts";

/** One of the proposals other than the word itself, drawn with their weights. */
export function drawProposal(
  proposals: readonly Proposal[],
  original: string,
  random: Random,
): string | undefined {
  const isOther = (word: string) => word.toLowerCase() !== original.toLowerCase();
  // Proposers do not propose the word itself; to look through thousands of words for it takes longer
  // than to draw once more.
  const drawn = draw(proposals, random);
  if (drawn === undefined || isOther(drawn)) return drawn;
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
  { text, start, end }: TaggedToken,
  word: string,
  { replacement, articles }: {
    readonly replacement: "word" | "substring";
    readonly articles: "keep" | "mend";
  },
): string {
  const at = replacement === "word" ? start : caption.indexOf(text);
  const put = caption.slice(0, at) + word + caption.slice(at + end - start);
  return articles === "mend" ? mendArticle(put, at) : put;
}
