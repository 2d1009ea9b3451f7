import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import type { ComposeContext, Composer, Composition } from "../../core/objective.ts";
import { createRandom } from "../../core/random.ts";
import { type ExampleOptions, exampleOptions } from "../contrastive/draw_example.ts";
import { singleCaption } from "../contrastive/single_caption.ts";
import { nounPhrases, textBetween } from "../language/noun_phrases.ts";
import { winkTagger } from "../language/wink_tagger.ts";

const schema = z.strictObject({
  phrases: z.int().min(1).default(4),
  ...exampleOptions,
});

/**
 * C2LIP's rows: a picture, a caption and the caption's noun phrases, each once; the caption itself
 * where it has none, as in the authors' code, which has a language model find them.
 *
 * @param options.phrases How many noun phrases a row has at most; of more, so many are drawn.
 *   Default 4.
 * @throws {SettingsError} if an option is unknown or out of range.
 */
export const c2lipRows: (
  options?: ExampleOptions & { readonly phrases?: number },
) => Composer<"caption" | "phrase"> = defineComponent({
  name: "c2lipRows",
  schema,
  make: ({ phrases: count, caption, crop }) => {
    const tagger = winkTagger();
    const single = singleCaption({ caption, crop });
    return {
      groups: { caption: 1, phrase: count },
      rows: 1,
      async compose(
        index: number,
        context: ComposeContext,
      ): Promise<readonly Composition<"caption" | "phrase">[]> {
        const [row] = await single.compose(index, context);
        const { caption: [text] } = row!.texts;
        const tokens = tagger.tag(text!);
        const found = new Set(
          nounPhrases(tokens).map((phrase) => textBetween(text!, tokens, phrase)),
        );
        const random = createRandom(context.seed, "c2lipRows", context.epoch, index);
        const all = found.size === 0 ? [text!] : [...found];
        const chosen = all.length > count ? random.sample(all, count) : all;
        const phrase = Array.from({ length: count }, (_, i) => chosen[i] ?? null);
        return [{ ...row!, texts: { caption: [text!], phrase } }];
      },
    };
  },
});
