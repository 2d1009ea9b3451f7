import { z } from "zod";
import { checkOptions, type JsonObject, type PrepareContext, type Random } from "../../mod.ts";
import {
  changeNested,
  describeNested,
  isTagger,
  isWordProposer,
  type NegativeGenerator,
  synonymTest,
  type Tag,
  type TaggedToken,
  type Tagger,
  winkTagger,
  wordnet,
  type WordProposer,
} from "../language/mod.ts";
import { tagCaption, wordsOf } from "../negclip/mod.ts";
import { swapFirstNouns } from "./relation.ts";
import { drawProposal, putWord } from "./replacement.ts";

/** What {@linkcode ceClipNegatives} can be told. */
export interface CeClipNegativesOptions {
  /** Fills the place of a word. Default `wordnet()`; the authors' `maskedLm()` needs a download. */
  readonly proposer?: WordProposer;
  /**
   * The values of the options from `replacement` on that are not given: `"strict"` (the default) is
   * what the authors' code means to do, `"released"` what it does.
   */
  readonly preset?: "released" | "strict";
  /**
   * How a word is found in its caption. `"word"` (strict) changes the word itself, `"substring"`
   * (released) the first place where its letters stand, or, in the relation slot, all of them.
   */
  readonly replacement?: "word" | "substring";
  /**
   * What a slot holds if the caption has no word of its part of speech: nothing (`"null"`, strict),
   * or the bare text `<mask>` (`"mask"`, released), which then counts as a negative.
   */
  readonly missing?: "mask" | "null";
  /**
   * Whether the first two nouns change places where that leaves the meaning as it was ("a dog and a
   * cat"). Released: `"keep"`, strict: `"drop"`.
   */
  readonly symmetric?: "keep" | "drop";
  /** Whether "a" and "an" are made to fit a word's replacement. Released: `"keep"`, strict: `"mend"`. */
  readonly articles?: "keep" | "mend";
  /** Finds words and their parts of speech. Default `"wink"`: a `winkTagger()`. */
  readonly tagger?: Tagger | "wink";
}

const presets = {
  released: { replacement: "substring", missing: "mask", symmetric: "keep", articles: "keep" },
  strict: { replacement: "word", missing: "null", symmetric: "drop", articles: "mend" },
} as const;

const schema = z.strictObject({
  proposer: z.custom<WordProposer>(isWordProposer, { error: "expected a word proposer" })
    .optional(),
  preset: z.enum(["released", "strict"]).default("strict"),
  replacement: z.enum(["word", "substring"]).optional(),
  missing: z.enum(["mask", "null"]).optional(),
  symmetric: z.enum(["keep", "drop"]).optional(),
  articles: z.enum(["keep", "mend"]).optional(),
  tagger: z.union([z.literal("wink"), z.custom<Tagger>(isTagger)], {
    error: 'expected a Tagger or "wink"',
  }).default("wink"),
});

/** The slots after the first one: attribute, object, action. */
const REPLACED: readonly Tag[] = ["ADJ", "NOUN", "VERB"];

/** What the released code leaves where there is no word to mask. */
const BARE_MASK = "<mask>";

/**
 * CE-CLIP's negatives, one in each of four slots (Zhang, Awal and Agrawal, CVPR 2024):
 *
 * - relation: the caption's first two nouns change places, if it has more than two;
 * - attribute, object, action: another word takes the place of an adjective, noun or verb, which is
 *   drawn at random; if there are no proposals for it, of another one (strict).
 *
 * A slot is `null` where its change cannot be made or gives the caption again.
 *
 * The released code always takes a masked language model's fourth-best word without a look at it;
 * a {@linkcode WordProposer} never proposes the word itself or a synonym. One of its proposals is
 * drawn with their weights.
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
export function ceClipNegatives(options: CeClipNegativesOptions = {}): NegativeGenerator {
  return create(options);
}

function create(options: unknown): NegativeGenerator {
  const { tagger: choice, proposer: chosen, ...given } = checkOptions(
    "ceClipNegatives",
    schema,
    options,
  );
  const tagger = choice === "wink" ? winkTagger() : choice;
  const proposer = chosen ?? wordnet();
  const areSynonyms = synonymTest();
  const preset = presets[given.preset];
  const settings = {
    preset: given.preset,
    replacement: given.replacement ?? preset.replacement,
    missing: given.missing ?? preset.missing,
    symmetric: given.symmetric ?? preset.symmetric,
    articles: given.articles ?? preset.articles,
  };

  const replaceOne = async (
    tag: Tag,
    caption: string,
    tokens: readonly TaggedToken[],
    random: Random,
  ): Promise<string | null> => {
    const words = random.shuffle(wordsOf(tag, caption, tokens));
    if (words.length === 0) return settings.missing === "mask" ? BARE_MASK : null;
    const tried = settings.replacement === "word" ? words : words.slice(0, 1);
    for (const index of tried) {
      const proposals = await proposer.propose(caption, tokens, index, random);
      const word = drawProposal(proposals, tokens[index]!.text, random);
      if (word !== undefined) return putWord(caption, tokens[index]!, word, settings);
    }
    return null;
  };

  return {
    name: "ceClipNegatives",
    options: { ...settings, proposer: describeNested(proposer), tagger: tagger.name },
    slots: 1 + REPLACED.length,
    prepare: async (context: Pick<PrepareContext, "assets" | "log">) =>
      create({ ...given, tagger, proposer: await proposer.prepare?.(context) ?? proposer }),
    async generate(caption: string, random: Random): Promise<readonly (string | null)[]> {
      const tokens = tagCaption(caption, tagger);
      const negatives = [swapFirstNouns(caption, { ...settings, tagger, areSynonyms })];
      for (const tag of REPLACED) {
        negatives.push(await replaceOne(tag, caption, tokens, random));
      }
      return negatives.map((negative) => negative === caption ? null : negative);
    },
    // What was not given follows the preset, so a change of preset changes it too.
    with: ({ proposer: changed, tagger: named, ...changes }: JsonObject) =>
      create({
        ...given,
        ...changes,
        proposer: changeNested(proposer, changed),
        tagger: named === tagger.name ? tagger : named ?? tagger,
      }),
  };
}
