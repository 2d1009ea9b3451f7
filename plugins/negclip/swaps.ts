import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import type { Random } from "../../core/random.ts";
import type { Tagger } from "../language/tagger.ts";
import type { NegativeGenerator } from "../../core/negative_generator.ts";
import { synonymTest } from "../language/synonym.ts";
import { taggerOption } from "../language/tagger_option.ts";
import { applySwap, possibleSwaps, type Swap, swapsSynonyms } from "./swap.ts";

/** Options of {@linkcode negclipSwaps}. */
export interface NegclipSwapsOptions {
  /**
   * The values of the options that are not given: `"strict"` (the default) keeps to swaps that
   * change what a caption says, `"released"` makes what the published negatives hold.
   */
  readonly preset?: "released" | "strict";
  /**
   * Whether parts change places that can do so without a change of meaning: synonyms, and the two
   * sides of "and", "with", "next to" and the like. Released: `"keep"`, strict: `"drop"`.
   */
  readonly symmetric?: "keep" | "drop";
  /** Whether "a" and "an" are made to fit. Released: `"keep"`, strict: `"mend"`. */
  readonly articles?: "keep" | "mend";
  /** Finds words and their parts of speech. Default `"wink"`: a `winkTagger()`. */
  readonly tagger?: Tagger | "wink";
}

const presets = {
  released: { symmetric: "keep", articles: "keep" },
  strict: { symmetric: "drop", articles: "mend" },
} as const;

const areSynonyms = synonymTest();

const schema = z.strictObject({
  preset: z.enum(["released", "strict"]).default("strict"),
  symmetric: z.enum(["keep", "drop"]),
  articles: z.enum(["keep", "mend"]),
  tagger: taggerOption,
});

/**
 * NegCLIP's hard negatives (Yuksekgonul et al., "When and why vision-language models behave like
 * bags-of-words", ICLR 2023): two noun phrases, nouns, adjectives, adverbs or verbs of a caption
 * change places. The kind is drawn among those that the caption has, then a pair of it. `null` where
 * a caption has none, or every swap would give the caption again.
 *
 * @throws {RangeError} if an option is unknown or has a value that is none of its own.
 *
 * @example
 * ```ts
 * import { createRandom } from "@syntagma/syntagma";
 * import { negclipSwaps } from "@syntagma/syntagma/negclip";
 *
 * const [negative] = await negclipSwaps().generate("A horse on an owl.", createRandom(1));
 * console.assert(negative === "An owl on a horse.");
 * ```
 */
export const negclipSwaps: (options?: NegclipSwapsOptions) => NegativeGenerator = defineComponent({
  name: "negclipSwaps",
  schema,
  presets,
  make: (settings) => ({
    slots: 1,
    generate(caption: string, random: Random): Promise<readonly (string | null)[]> {
      let left = possibleSwaps(caption, settings);
      while (left.length > 0) {
        const drawn = drawSwap(left, random);
        const negative = applySwap(caption, drawn, settings);
        const saysTheSame = plain(negative) === plain(caption) ||
          settings.symmetric === "drop" && swapsSynonyms(caption, drawn, areSynonyms);
        if (!saysTheSame) return Promise.resolve([negative]);
        left = left.filter((swap) => swap !== drawn);
      }
      return Promise.resolve([null]);
    },
  }),
});

function drawSwap(swaps: readonly Swap[], random: Random): Swap {
  const kind = random.pick([...new Set(swaps.map((swap) => swap.kind))]);
  return random.pick(swaps.filter((swap) => swap.kind === kind));
}

/** What a tokenizer sees of a text. */
function plain(text: string): string {
  return text.toLowerCase().replace(/\s+/g, " ").trim();
}
