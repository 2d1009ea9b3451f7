/**
 * Language: what the methods' negatives need to know about English sentences.
 *
 * @module
 */
export { maskedLm, type MaskedLmOptions } from "./masked_lm.ts";

export { nounPhrases } from "./noun_phrases.ts";
export type { Synset, WordNetPos } from "./synset.ts";
export { type Tag, TAGS } from "./tag.ts";
export type { TaggedToken, Tagger } from "./tagger.ts";
export { winkTagger } from "./wink_tagger.ts";
export type { WordProposer } from "./word_proposer.ts";
export { readWordNet, type WordNet } from "./wordnet.ts";
export type { CandidateOptions } from "./wordnet_candidates.ts";
export { wordnet, type WordnetOptions } from "./wordnet_proposer.ts";
