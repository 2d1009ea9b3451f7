import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import type { NegativeGenerator } from "../../core/negative_generator.ts";
import { createRandom, type Random } from "../../core/random.ts";
import { negativesOption } from "../contrastive/negatives_option.ts";
import { replace } from "../clove/replace.ts";
import { negclipSwaps } from "../negclip/swaps.ts";
import { shuffleBigrams } from "./shuffle_bigrams.ts";

/**
 * FSC-CLIP's hard negatives, made anew each time a caption is read: NegCLIP's swap, CLoVe's
 * replacement and the words in pairs in another order, a slot each (Oh et al., EMNLP 2024; its
 * `text_negatives_data.py`).
 *
 * @param options.kinds The kinds, a slot or more each. Default: `negclipSwaps()`, `replace()`,
 *   `shuffleBigrams()`.
 * @throws {SettingsError} if an option is unknown or of another kind.
 *
 * @example
 * ```ts
 * import { fscClipNegatives } from "@syntagma/syntagma/fsc-clip";
 *
 * console.assert(fscClipNegatives().slots === 3);
 * ```
 */
export const fscClipNegatives: (
  options?: { readonly kinds?: readonly NegativeGenerator[] },
) => NegativeGenerator = defineComponent({
  name: "fscClipNegatives",
  schema: z.strictObject({
    kinds: z.array(negativesOption).min(1)
      .default(() => [negclipSwaps(), replace(), shuffleBigrams()]),
  }),
  make: ({ kinds }) => ({
    slots: kinds.reduce((sum, { slots }) => sum + slots, 0),
    prepare: async (context) => {
      const ready: NegativeGenerator[] = [];
      for (const each of kinds) ready.push(await each.prepare?.(context) ?? each);
      return fscClipNegatives({ kinds: ready });
    },
    async generate(caption: string, random: Random): Promise<readonly (string | null)[]> {
      // A stream each: how much one draws changes nothing of the others.
      const seeds = kinds.map(() => random.integer(2 ** 32));
      const made = await Promise.all(
        kinds.map((each, i) => each.generate(caption, createRandom(seeds[i]!, each.name))),
      );
      return made.flat();
    },
  }),
});
