import type { Random } from "../../core/random.ts";
import { parseCaption } from "../clove/parse_caption.ts";
import { nounPhrases, textBetween } from "../language/noun_phrases.ts";
import type { Tagger } from "../language/tagger.ts";
import type { WordProposer } from "../language/word_proposer.ts";
import type { CaptionUnits } from "./units.ts";

/** Foils that each thing gets. */
const FOILS = 2;

/**
 * The units of a caption by its parts of speech, where the authors have a language model find them:
 * things are noun phrases; a relation is what stands between two of them that follow each other, with
 * its sides exchanged for a foil; what a thing might be instead is the phrase with its noun replaced.
 */
export async function findUnits(
  caption: string,
  tagger: Tagger,
  proposer: WordProposer,
  random: Random,
): Promise<CaptionUnits> {
  const tokens = tagger.tag(caption);
  const phrases = nounPhrases(tokens);
  const textOf = (start: number, end: number) => textBetween(caption, tokens, { start, end });
  const foils: Record<string, readonly string[]> = {};
  for (const { start, end, head } of phrases) {
    const proposals = await proposer.propose(caption, tokens, head, random);
    const before = caption.slice(tokens[start]!.start, tokens[head]!.start);
    const some = random.sample(proposals, Math.min(FOILS, proposals.length));
    foils[textOf(start, end)] = some.map(({ word }) => before + word);
  }
  const relations = parseCaption(tokens).relations.flatMap(({ start, end }) => {
    const left = phrases.findLast((phrase) => phrase.end <= start);
    const right = phrases.find((phrase) => phrase.start >= end);
    if (left === undefined || right === undefined) return [];
    const subject = textOf(left.start, left.end);
    const object = textOf(right.start, right.end);
    const relation = textOf(left.end, right.start);
    return [{ subject, relation, object, foils: [{ subject: object, relation, object: subject }] }];
  });
  const entities = phrases.map(({ start, end }) => textOf(start, end));
  return { entities: [...new Set(entities)], foils, relations, negatives: [] };
}
