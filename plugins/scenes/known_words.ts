import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import type { NegativeGenerator } from "../../core/negative_generator.ts";
import { negativesOption } from "../contrastive/negatives_option.ts";
import { wordTokenizer } from "./word_tokenizer.ts";

const schema = z.strictObject({
  negatives: negativesOption,
});

const { encode, unknown } = wordTokenizer();

const isKnown = (text: string): boolean => !encode(text, Infinity).includes(unknown);

/**
 * The negatives of another generator that keep to the embedded world's words; the others are left
 * out. The tiny CLIP knows no other words, so that any of them would give a negative away.
 *
 * @param options.negatives Whose negatives are looked through.
 * @throws {RangeError} if an option is unknown or of another kind.
 *
 * @example
 * ```ts
 * import { createRandom } from "@syntagma/syntagma";
 * import { negclipSwaps } from "@syntagma/syntagma/negclip";
 * import { knownWords } from "./known_words.ts";
 *
 * const generator = knownWords({ negatives: negclipSwaps() });
 * const [negative] = await generator.generate("a red star and a blue box", createRandom(1));
 * console.assert(negative !== null);
 * ```
 */
export const knownWords: (options: { readonly negatives: NegativeGenerator }) => NegativeGenerator =
  defineComponent({
    name: "knownWords",
    schema,
    make: ({ negatives }) => ({
      slots: negatives.slots,
      prepare: async (context) =>
        knownWords({ negatives: await negatives.prepare?.(context) ?? negatives }),
      generate: async (caption, random) =>
        (await negatives.generate(caption, random)).map((text) =>
          text !== null && isKnown(text) ? text : null
        ),
    }),
  });
