import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import type { NegativeGenerator } from "../../core/negative_generator.ts";
import type { ComposeContext, Composer, Composition } from "../../core/objective.ts";
import type { PrepareContext } from "../../core/prepare_context.ts";
import { createRandom } from "../../core/random.ts";
import { captionNegatives } from "../contrastive/caption_negatives.ts";
import { type ExampleOptions, exampleOptions } from "../contrastive/draw_example.ts";
import { negativesOption } from "../contrastive/negatives_option.ts";
import { singleCaption } from "../contrastive/single_caption.ts";
import { negationQuestions } from "./questions.ts";
import { questionsAt } from "./tables.ts";

const schema = z.strictObject({
  questions: negativesOption.refine(({ slots }) => slots >= 3, {
    error: "expected a generator of 3 texts or more: a caption, a right and a wrong answer",
  }).default(() => negationQuestions()),
  ...exampleOptions,
});

type Texts = "caption" | "answer";
type Row = Composition<Texts>;

/**
 * NegFull's rows: a picture, a caption that says what is not there besides, and the answers to a
 * question of the picture, the right one first. A caption of which no denial can be made stands as it
 * is, without a question.
 *
 * Examples of {@linkcode negFullTables} have a caption or a question, as the authors made them, and so
 * have their rows.
 *
 * @param options.questions Makes of a caption one that denies something as well, the right answer
 *   to a question, and the wrong ones, in this order. Default `negationQuestions()`;
 *   `frozenNegatives({ path, slots: 5 })` reads those that were written ahead, by a language model
 *   too.
 * @throws {SettingsError} if an option is unknown or out of range.
 */
export const negFullRows: (
  options?: ExampleOptions & { readonly questions?: NegativeGenerator },
) => Composer<"caption" | "answer"> = defineComponent({
  name: "negFullRows",
  schema,
  make: ({ questions, ...settings }) => {
    const made = captionNegatives({ negatives: questions, ...settings });
    const plain = singleCaption(settings);
    const answers = questions.slots - 1;
    return {
      groups: { caption: 1, answer: answers },
      rows: 1,
      prepare: async (context: PrepareContext) =>
        negFullRows({
          ...settings,
          // Tables bring questions of their own; a dry run's generated data has none.
          questions: questionsAt(context.data, 0) === undefined
            ? await questions.prepare?.(context) ?? questions
            : questions,
        }),
      async compose(index: number, context: ComposeContext): Promise<readonly Row[]> {
        const published = questionsAt(context.data, index);
        if (published === undefined) {
          const [row] = await made.compose(index, context);
          const { caption: [caption], negative: [denying, ...answer] } = row!.texts;
          return [{ ...row!, texts: { caption: [denying ?? caption!], answer } }];
        }
        const [row] = await plain.compose(index, context);
        const random = createRandom(context.seed, "negFullRows", context.epoch, index);
        const asked: readonly string[] = published.length === 0 ? [] : random.pick(published);
        const caption = asked.length === 0 ? row!.texts.caption : [null];
        const answer = Array.from({ length: answers }, (_, i) => asked[i] ?? null);
        return [{ ...row!, texts: { caption, answer } }];
      },
    };
  },
});
