import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import type { Random } from "../../core/random.ts";
import type { TaggedToken, Tagger } from "../language/tagger.ts";
import { isWordProposer, type WordProposer } from "../language/word_proposer.ts";
import { maskedLm } from "../language/masked_lm.ts";
import type { NegativeGenerator } from "../../core/negative_generator.ts";
import { synonymTest } from "../language/synonym.ts";
import type { Tag } from "../language/tag.ts";
import { taggerOption } from "../language/tagger_option.ts";
import { wordnet } from "../language/wordnet_proposer.ts";
import { tagCaption } from "../negclip/tag_caption.ts";
import { wordsOf } from "../negclip/words.ts";
import { swapFirstNouns } from "./relation.ts";
import { drawProposal, putWord } from "./replacement.ts";

/** Options of {@linkcode ceClipNegatives}. */
export interface CeClipNegativesOptions {
  /**
   * Fills the place of a word. Strict: `wordnet()`, which needs no download; released:
   * `maskedLm({ preset: "released" })`, which `prepare` downloads.
   */
  readonly proposer?: WordProposer;
  /**
   * The values of the other options that are not given: `"strict"` (the default) is what the
   * authors' code means to do, `"released"` what it does.
   */
  readonly preset?: "released" | "strict";
  /**
   * How a word is found in its caption. `"word"` (strict) changes the word itself, `"substring"`
   * (released) the first place where its letters stand, or, in the relation slot, all of them.
   */
  readonly replacement?: "word" | "substring";
  /**
   * What a slot holds if the caption has no word of its part of speech: nothing (`"null"`, strict),
   * or (`"mask"`, released) what a masked language model puts for the bare text `<mask>`; that text
   * itself from a proposer that has nothing for it. Either counts as a negative.
   */
  readonly missing?: "mask" | "null";
  /**
   * What becomes of a change that gives the caption again, but for the case of letters: the same
   * noun twice, or a proposal that is the word itself. A negative all the same (`"keep"`, released),
   * or not one: another proposal is drawn, or the slot holds nothing (`"drop"`, strict).
   */
  readonly unchanged?: "keep" | "drop";
  /**
   * Whether the first two nouns change places where that leaves the meaning as it was ("a dog and a
   * cat", "a man with a dog", synonyms, the same noun twice). Released: `"keep"`, strict: `"drop"`.
   */
  readonly symmetric?: "keep" | "drop";
  /** Whether "a" and "an" are made to fit a word's replacement. Released: `"keep"`, strict: `"mend"`. */
  readonly articles?: "keep" | "mend";
  /** Finds words and their parts of speech. Default `"wink"`: a `winkTagger()`. */
  readonly tagger?: Tagger | "wink";
}

const presets = {
  released: {
    get proposer() {
      return maskedLm({ preset: "released" });
    },
    replacement: "substring",
    missing: "mask",
    unchanged: "keep",
    symmetric: "keep",
    articles: "keep",
  },
  strict: {
    get proposer() {
      return wordnet();
    },
    replacement: "word",
    missing: "null",
    unchanged: "drop",
    symmetric: "drop",
    articles: "mend",
  },
} as const;

const areSynonyms = synonymTest();

const schema = z.strictObject({
  proposer: z.custom<WordProposer>(isWordProposer, { error: "expected a word proposer" }),
  preset: z.enum(["released", "strict"]).default("strict"),
  replacement: z.enum(["word", "substring"]),
  missing: z.enum(["mask", "null"]),
  unchanged: z.enum(["keep", "drop"]),
  symmetric: z.enum(["keep", "drop"]),
  articles: z.enum(["keep", "mend"]),
  tagger: taggerOption,
});

/** The slots after the first one: attribute, object, action. */
const REPLACED: readonly Tag[] = ["ADJ", "NOUN", "VERB"];

/** What the released code masks where there is no word to mask. */
const BARE_MASK = "<mask>";

/**
 * CE-CLIP's negatives, one in each of four slots (Zhang, Awal and Agrawal, CVPR 2024):
 *
 * - relation: the caption's first two nouns change places, if it has more than two;
 * - attribute, object, action: another word takes the place of an adjective, noun or verb, which is
 *   drawn at random; if there are no proposals for it, of another one (strict).
 *
 * A slot is `null` where its change cannot be made. One of the proposals for a word is drawn with
 * their weights.
 *
 * The released code always takes a masked language model's fourth-best word without a look at it, be
 * it the word itself; so does the preset `"released"`, with the model that the authors took. Its
 * `prepare` must be called first; best once for all captions, with `writeNegatives`.
 *
 * @throws {RangeError} if an option is unknown or has a value that is none of its own.
 *
 * @example
 * ```ts
 * import { createRandom } from "@syntagma/syntagma";
 * import { ceClipNegatives } from "@syntagma/syntagma/ce-clip";
 *
 * const caption = "A dog on a sofa watches a cat.";
 * const [relation, attribute] = await ceClipNegatives().generate(caption, createRandom(1));
 * console.assert(relation === "A sofa on a dog watches a cat.");
 * console.assert(attribute === null);
 * ```
 */
export const ceClipNegatives: (
  options?: CeClipNegativesOptions,
) => NegativeGenerator = defineComponent({
  name: "ceClipNegatives",
  schema,
  presets,
  make: (settings) => ({
    slots: 1 + REPLACED.length,
    prepare: async (context) =>
      ceClipNegatives({
        ...settings,
        proposer: await settings.proposer.prepare?.(context) ?? settings.proposer,
      }),
    async generate(caption, random): Promise<readonly (string | null)[]> {
      const tokens = tagCaption(caption, settings.tagger);
      const negatives = [swapFirstNouns(caption, { ...settings, areSynonyms })];
      for (const tag of REPLACED) {
        negatives.push(await replaceOne(tag, caption, tokens, random, settings));
      }
      if (settings.unchanged === "keep") return negatives;
      return negatives.map((each) => each?.toLowerCase() === caption.toLowerCase() ? null : each);
    },
  }),
});

async function replaceOne(
  tag: Tag,
  caption: string,
  tokens: readonly TaggedToken[],
  random: Random,
  settings: z.infer<typeof schema>,
): Promise<string | null> {
  const { proposer } = settings;
  const words = random.shuffle(wordsOf(tag, caption, tokens));
  if (words.length === 0) {
    if (settings.missing === "null") return null;
    const bare = { text: BARE_MASK, tag, start: 0, end: BARE_MASK.length };
    const proposals = await proposer.propose(BARE_MASK, [bare], 0, random);
    return drawProposal(proposals, BARE_MASK, random, settings) ?? BARE_MASK;
  }
  const tried = settings.replacement === "word" ? words : words.slice(0, 1);
  for (const index of tried) {
    const token = placeOf(caption, tokens[index]!, settings);
    const proposals = await proposer.propose(caption, tokens.with(index, token), index, random);
    const word = drawProposal(proposals, token.text, random, settings);
    if (word !== undefined) return putWord(caption, token, word, settings);
  }
  return null;
}

/** Where a token is changed: at its own place, or where its letters stand first. */
function placeOf(
  caption: string,
  token: TaggedToken,
  { replacement }: { readonly replacement: "word" | "substring" },
): TaggedToken {
  if (replacement === "word") return token;
  const start = caption.indexOf(token.text);
  return { ...token, start, end: start + token.text.length };
}
