import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import { copyCase } from "./copy_case.ts";
import { inflect } from "./inflection.ts";
import { recentlyUsed } from "./recently_used.ts";
import { plainWord } from "./synonym.ts";
import type { Tag } from "./tag.ts";
import type { Proposal, WordProposer } from "./word_proposer.ts";
import { formOf } from "./word_form.ts";
import { readWordNet, type WordNet } from "./wordnet.ts";
import { type CandidateOptions, meaningsOf, wordNetCandidates } from "./wordnet_candidates.ts";
import { wordNetPos } from "./wordnet_pos.ts";

/** Options of {@linkcode wordnet}. */
export interface WordnetOptions extends Partial<CandidateOptions> {
  /** Whether pronouns are looked up as nouns, as CLoVe does. Default true. */
  readonly pronouns?: boolean;
  /** How many proposals a word gets at most, the heaviest; `null` for all. Default `null`. */
  readonly maximum?: number | null;
  /** How many words' proposals are kept, the least recently used dropped first. Default 2,000. */
  readonly cache?: number;
}

const schema = z.strictObject({
  reach: z.enum(["grandparent", "parent"]).default("grandparent"),
  counts: z.boolean().default(true),
  senses: z.int().min(1).nullable().default(null),
  pronouns: z.boolean().default(true),
  maximum: z.int().min(1).nullable().default(null),
  cache: z.int().min(0).default(2_000),
});

/** How many inflected words are kept; WordNet has some 11,000 verbs, with five forms each. */
const INFLECTIONS = 100_000;

/**
 * Proposes words out of WordNet, which needs no download: antonyms, and words of other meanings that
 * share a parent or a grandparent with one of the word's, weighted by how often they were tagged with
 * those meanings ({@linkcode wordNetCandidates}), in the word's form and casing
 * ({@linkcode inflectLike}).
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { createRandom } from "@syntagma/syntagma";
 * import { winkTagger, wordnet } from "@syntagma/syntagma/language";
 *
 * const sentence = "two small dogs";
 * const tokens = winkTagger().tag(sentence);
 * const proposals = await wordnet().propose(sentence, tokens, 2, createRandom(1));
 * console.assert(proposals.some(({ word }) => word === "wolves"));
 * ```
 */
export const wordnet: (options?: WordnetOptions) => WordProposer = defineComponent({
  name: "wordnet",
  schema,
  make: ({ cache, ...settings }) => {
    const find = proposalsOf(readWordNet(), settings);
    const kept = recentlyUsed<readonly Proposal[]>(cache);
    return {
      propose: (_sentence, tokens, index) => {
        const token = tokens[index];
        if (token === undefined) return Promise.resolve([]);
        const { text, tag } = token;
        return Promise.resolve(kept(`${tag} ${text}`, () => find(text, tag)));
      },
    };
  },
});

/** Finds the proposals for a word. */
function proposalsOf(
  dictionary: WordNet,
  { maximum, pronouns, ...candidateOptions }: Omit<z.infer<typeof schema>, "cache">,
): (word: string, tag: Tag) => readonly Proposal[] {
  // Many words share relatives, and their forms in memory.
  const inflections = recentlyUsed<string>(INFLECTIONS);
  return (word, tag) => {
    const pos = tag === "PRON" && !pronouns ? undefined : wordNetPos(tag);
    if (pos === undefined) return [];
    const candidates = wordNetCandidates(dictionary, word, pos, candidateOptions);
    const excluded = new Set(
      meaningsOf(dictionary, word, pos).flatMap(({ lemmas }) => lemmas).map(plainWord),
    );
    excluded.add(plainWord(word));
    const form = formOf(word.toLowerCase(), tag, dictionary);
    const weights = new Map<string, number>();
    for (const [lemma, weight] of candidates) {
      const inflected = copyCase(word, inflections(`${form} ${lemma}`, () => inflect(lemma, form)));
      if (excluded.has(plainWord(lemma)) || excluded.has(plainWord(inflected))) continue;
      weights.set(inflected, (weights.get(inflected) ?? 0) + weight);
    }
    return [...weights].map(([word, weight]) => ({ word, weight }))
      .sort((a, b) => b.weight - a.weight)
      .slice(0, maximum ?? undefined);
  };
}
