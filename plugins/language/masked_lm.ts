import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import type { PrepareContext } from "../../core/prepare_context.ts";
import { copyCase } from "./copy_case.ts";
import { openFillMask } from "./fill_mask.ts";
import { recentlyUsed } from "./recently_used.ts";
import { isSynonym } from "./synonym.ts";
import type { TaggedToken } from "./tagger.ts";
import type { Proposal, WordProposer } from "./word_proposer.ts";
import { readWordNet } from "./wordnet.ts";

/** Options of {@linkcode maskedLm}. */
export interface MaskedLmOptions {
  /**
   * A folder, or a Hugging Face repository `hf:owner/repo[@revision]`, with `config.json`,
   * `tokenizer.json`, `tokenizer_config.json` and a masked language model in `onnx/`. Default
   * `"hf:Xenova/distilroberta-base"`.
   */
  readonly model?: string;
  /** Its weights: `"fp32"` in `onnx/model.onnx`, or `"q8"` in `onnx/model_quantized.onnx`. */
  readonly dtype?: "fp32" | "q8";
  /** How many of the model's best words are looked at. Default 5. */
  readonly top?: number;
  /**
   * The values of `pick` and `filter` where they are not given: `"strict"` (the default) looks for
   * words that say something else, `"released"` does what CE-CLIP's released code does.
   */
  readonly preset?: "released" | "strict";
  /**
   * Which of them are proposed: `"weighted"` (strict), all with the model's probabilities as
   * weights, or `"fourth"` (released), the fourth best alone.
   */
  readonly pick?: "weighted" | "fourth";
  /**
   * Whether those are left out that are no whole word, the word itself in any form, or a synonym of
   * it in WordNet, and the others take the word's casing. Strict: true; released: false, so that
   * whatever the model's token is may be proposed, in the model's casing.
   */
  readonly filter?: boolean;
  /** How many words' proposals are kept, the least recently used dropped first. Default 20,000. */
  readonly cache?: number;
}

const presets = {
  released: { pick: "fourth", filter: false },
  strict: { pick: "weighted", filter: true },
} as const;

const schema = z.strictObject({
  model: z.string().min(1).default("hf:Xenova/distilroberta-base"),
  dtype: z.enum(["fp32", "q8"]).default("fp32"),
  top: z.int().min(1).default(5),
  preset: z.enum(["released", "strict"]).default("strict"),
  pick: z.enum(["weighted", "fourth"]),
  filter: z.boolean(),
  cache: z.int().min(0).default(20_000),
}).refine(({ top, pick }) => pick === "weighted" || top >= 4, {
  path: ["top"],
  error: 'expected at least 4, since "pick" is "fourth"',
});

/**
 * Proposes the words that a masked language model puts in a word's place, CE-CLIP's way of making
 * negatives; what it proposes of the model's best words is for the options to say.
 *
 * The model runs on `@huggingface/transformers`, which is loaded when the proposer is prepared; only
 * then are the model's files fetched.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { maskedLm } from "@syntagma/syntagma/language";
 *
 * const proposer = maskedLm({ preset: "released" });
 * console.assert(proposer.options.pick === "fourth");
 * ```
 */
export const maskedLm: (options?: MaskedLmOptions) => WordProposer = defineComponent({
  name: "maskedLm",
  schema,
  presets,
  make: (settings) => ({
    prepare: async (context) => ({
      ...maskedLm(settings),
      propose: await open(settings, context),
    }),
    propose: () =>
      Promise.reject(new TypeError("maskedLm: prepare() it before its first sentence")),
  }),
});

async function open(
  { model, dtype, top, pick, filter, cache }: Required<MaskedLmOptions>,
  context: Pick<PrepareContext, "assets" | "log">,
): Promise<WordProposer["propose"]> {
  const fill = await openFillMask(model, dtype, context);
  const dictionary = readWordNet();

  const proposalsFor = async (
    sentence: string,
    { text, tag, start, end }: TaggedToken,
  ): Promise<readonly Proposal[]> => {
    const filled = await fill(sentence, { start, end }, top);
    const looked = pick === "fourth" ? filled.slice(3, 4) : filled;
    const weights = new Map<string, number>();
    for (const { text: filling, isWord, probability } of looked) {
      if (filter && !(isWord && !isSynonym(dictionary, text, filling, tag))) continue;
      const word = filter ? copyCase(text, filling) : filling;
      weights.set(word, (weights.get(word) ?? 0) + probability);
    }
    return [...weights].map(([word, weight]) => ({ word, weight }))
      .sort((a, b) => b.weight - a.weight);
  };
  const kept = recentlyUsed<Promise<readonly Proposal[]>>(cache);

  return (sentence: string, tokens: readonly TaggedToken[], index: number) => {
    const token = tokens[index];
    if (token === undefined) return Promise.resolve([]);
    return kept(
      `${token.tag} ${token.start} ${token.end} ${sentence}`,
      () => proposalsFor(sentence, token),
    );
  };
}
