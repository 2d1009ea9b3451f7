import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import type { NegativeGenerator } from "../../core/negative_generator.ts";
import { createRandom, type Random } from "../../core/random.ts";
import { ceClipNegatives } from "../ce_clip/negatives.ts";
import { replace } from "../clove/replace.ts";
import { isWordProposer, type WordProposer } from "../language/word_proposer.ts";
import { wordnet } from "../language/wordnet_proposer.ts";

/** Leaves all words to the other kinds: prepositions alone are replaced. */
const noWords: () => WordProposer = defineComponent({
  name: "noWords",
  schema: z.strictObject({}),
  make: () => ({ propose: () => Promise.resolve([]) }),
});

/**
 * Five kinds of hard negatives by rule, for methods that have a language model write them (DeGLA: some
 * two million, of five kinds, four a caption): two nouns change places; a noun, an adjective, a verb or
 * a preposition is another one. Of the kinds that a caption allows so many are drawn as there are slots;
 * `null` where there are fewer. The kinds are ours: they follow the paper in that they change least, not
 * its prompts, which are not published.
 *
 * @param options.proposer Proposes words for nouns, adjectives and verbs. Default `wordnet()`.
 * @param options.count How many negatives a caption gets at most. Default 4, as DeGLA trains with.
 * @throws {SettingsError} if an option is unknown or out of range.
 */
export const deglaNegatives: (
  options?: { readonly proposer?: WordProposer; readonly count?: number },
) => NegativeGenerator = defineComponent({
  name: "deglaNegatives",
  schema: z.strictObject({
    proposer: z.custom<WordProposer>(isWordProposer, { error: "expected a proposer of words" })
      .default(() => wordnet()),
    count: z.int().min(1).max(5).default(4),
  }),
  make: ({ proposer, count }) => {
    const words = ceClipNegatives({ proposer });
    const prepositions = replace({ proposer: noWords(), skip: "never" });
    return {
      slots: count,
      prepare: async (context) =>
        deglaNegatives({ count, proposer: await proposer.prepare?.(context) ?? proposer }),
      async generate(caption: string, random: Random): Promise<readonly (string | null)[]> {
        const seeds = [random.integer(2 ** 32), random.integer(2 ** 32)] as const;
        const made = [
          ...await words.generate(caption, createRandom(seeds[0])),
          ...await prepositions.generate(caption, createRandom(seeds[1])),
        ].filter((each) => each !== null);
        const drawn = random.shuffle([...new Set(made)]).slice(0, count);
        return Array.from({ length: count }, (_, i) => drawn[i] ?? null);
      },
    };
  },
});
