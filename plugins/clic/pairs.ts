import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import type { Composer } from "../../core/objective.ts";
import { importLater } from "../../core/import_later.ts";
import type { Normalization } from "../../core/images/raster.ts";
import type { SynonymTest } from "../language/synonym.ts";
import type { Tagger } from "../language/tagger.ts";
import { taggerOption } from "../language/tagger_option.ts";
import { composePair } from "./compose_pair.ts";
import type { Replacement } from "./replace_word.ts";

/** Options of {@linkcode clicPairs}. */
export interface ClicPairsOptions {
  /**
   * The values of the options from `selfPairing` on that are not given: `"released"` (the default)
   * is what the authors' code does, `"strict"` what it means to do.
   */
  readonly preset?: "released" | "strict";
  /** How many positives a row has, at least 2. Default 4. */
  readonly positives?: number;
  /**
   * How many negatives a row has. Default 1, the method's own. Each further one swaps other words of
   * the same two captions and differs from all others; where no more exist the row has gaps.
   */
  readonly negatives?: number;
  /** Whether a picture may be its own partner. Released: true, strict: false. */
  readonly selfPairing?: boolean;
  /**
   * What happens where no word can be swapped. `"any-token"` (released) swaps any two tokens, and
   * the negative may equal a positive. `"redraw"` (strict) draws another partner, up to 10 in all,
   * also where the negative would equal a positive; then a noun phrase is swapped; and if even that
   * gives no negative that differs from every positive, the row has none.
   */
  readonly fallback?: "any-token" | "redraw";
  /**
   * Whether synonyms by WordNet, two forms of one word, or two prepositions that can be said for each
   * other ("near" and "beside") may change places, which leaves the captions as true as they were.
   * Released: `"keep"`, strict: `"drop"`.
   */
  readonly synonyms?: "keep" | "drop";
  /** How a word is found in its sentence. Released: `"pattern"`, strict: `"token"`. */
  readonly replacement?: Replacement;
  /**
   * How the pair's picture is normalised: with ImageNet's mean and deviation (released) or with the
   * model's own (strict).
   */
  readonly normalization?: "imagenet" | "model";
  /** Finds words and their parts of speech. Default `"wink"`: a `winkTagger()`. */
  readonly tagger?: Tagger | "wink";
}

const presets = {
  released: {
    selfPairing: true,
    fallback: "any-token",
    synonyms: "keep",
    replacement: "pattern",
    normalization: "imagenet",
  },
  strict: {
    selfPairing: false,
    fallback: "redraw",
    synonyms: "drop",
    replacement: "token",
    normalization: "model",
  },
} as const;

// WordNet is fetched (35 MB) where synonyms are kept apart, and once.
let loading: Promise<SynonymTest> | undefined;
const loadSynonymTest = (): Promise<SynonymTest> =>
  loading ??= importLater<typeof import("../language/synonym.ts")>(
    "../language/synonym.ts",
    import.meta.url,
  ).then(({ synonymTest }) => synonymTest());

const schema = z.strictObject({
  preset: z.enum(["released", "strict"]).default("released"),
  positives: z.int().min(2).default(4),
  negatives: z.int().min(1).default(1),
  selfPairing: z.boolean(),
  fallback: z.enum(["any-token", "redraw"]),
  synonyms: z.enum(["keep", "drop"]),
  replacement: z.enum(["pattern", "token"]),
  normalization: z.enum(["imagenet", "model"]),
  tagger: taggerOption,
});

/** Mean and deviation of ImageNet's pictures, in [0, 1]. */
export const imagenetNormalization: Normalization = {
  mean: [0.485, 0.456, 0.406],
  deviation: [0.229, 0.224, 0.225],
};

/**
 * CLIC's rows: two pictures in one, positives that say what both show in other words or another
 * order, and one negative in which a word of one caption has changed places with one of the other.
 *
 * With s₁ the first caption of a picture, in lower case, A the picture of the row and B its partner:
 * positive 1 is s₁(A) s₁(B), positive 2 is s₁(B) s₁(A); each further positive joins a further
 * caption of A with one of B in random order, drawn without replacement, or, where there are too
 * few, all of them and the missing ones with replacement; a picture that has one caption only gives
 * s₁ again. The negative joins the swapped s₁(A) and s₁(B) in random order. The group `caption` is
 * positive 1 alone, for losses that know of one caption and its negatives.
 *
 * Everything random comes from `createRandom(seed, "clic", epoch, index)`: a row depends on the data
 * and these three, not on the rows before it. `compose` throws an {@linkcode PictureError}, which
 * skips the row, also where no picture of A's orientation can be its partner.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 */
export const clicPairs: (
  options?: ClicPairsOptions,
) => Composer<"caption" | "positive" | "negative"> = defineComponent({
  name: "clicPairs",
  schema,
  presets,
  make: (settings) => ({
    groups: { caption: 1, positive: settings.positives, negative: settings.negatives },
    rows: 1,

    compose: async (index, context) =>
      composePair(index, context, {
        ...settings,
        ...(settings.synonyms === "drop" ? { areSynonyms: await loadSynonymTest() } : {}),
        ...(settings.normalization === "imagenet" ? { normalize: imagenetNormalization } : {}),
      }),
  }),
});
