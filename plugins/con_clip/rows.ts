import { z } from "zod";
import { type DataSet, firstWithPicture } from "../../core/dataset.ts";
import { defineComponent } from "../../core/define_component.ts";
import type { ComposeContext, Composer, Composition } from "../../core/objective.ts";
import type { PrepareContext } from "../../core/prepare_context.ts";
import type { NegativeGenerator } from "../../core/negative_generator.ts";
import { createRandom, type Random } from "../../core/random.ts";
import { captionNegatives } from "../contrastive/caption_negatives.ts";
import { type ExampleOptions, exampleOptions } from "../contrastive/draw_example.ts";
import { drawSquare } from "../contrastive/draw_square.ts";
import { negativesOption } from "../contrastive/negatives_option.ts";
import type { Tagger } from "../language/tagger.ts";
import { winkTagger } from "../language/wink_tagger.ts";
import { negations } from "./negations.ts";

const schema = z.strictObject({
  negatives: negativesOption.default(() => negations()),
  ...exampleOptions,
  candidates: z.int().min(1).default(16),
});

type Texts = "caption" | "negative";

/**
 * CoN-CLIP's rows: a picture, a caption, the caption denied, and a distractor: a picture of something
 * like it that the denied caption is true of. The authors choose it by the similarity of captions
 * (their mapping from CC3M to COCO is published as a file); here it is the first of some examples
 * drawn at random whose caption shares its first noun with this one and is another one, else the last
 * of them.
 *
 * @param options.negatives Makes the hard negatives of a caption. Default `negations()`.
 * @param options.candidates Among how many examples, drawn at random, a distractor is looked for.
 *   Default 16.
 * @throws {SettingsError} if an option is unknown or out of range.
 */
export const conClipRows: (
  options?: ExampleOptions & {
    readonly negatives?: NegativeGenerator;
    readonly candidates?: number;
  },
) => Composer<"caption" | "negative", "distractor"> = defineComponent({
  name: "conClipRows",
  schema,
  make: ({ candidates, negatives, ...settings }) => {
    const tagger = winkTagger();
    const rows = captionNegatives({ negatives, ...settings });
    return {
      groups: { caption: 1, negative: negatives.slots },
      pictures: { distractor: 1 },
      rows: 1,
      prepare: async (context: PrepareContext) =>
        conClipRows({
          ...settings,
          candidates,
          negatives: await negatives.prepare?.(context) ?? negatives,
        }),
      async compose(
        index: number,
        context: ComposeContext,
      ): Promise<readonly Composition<Texts, "distractor">[]> {
        const { data, preprocessing, seed, epoch } = context;
        const random = createRandom(seed, "conClipRows", epoch, index);
        const other = findDistractor(data, index, candidates, tagger, random);
        const [[row], picture] = await Promise.all([
          rows.compose(index, context),
          other === undefined
            ? null
            : drawSquare(data, other, preprocessing, settings.crop, random),
        ]);
        return [{ ...row!, images: { distractor: [picture] } }];
      },
    };
  },
});

function findDistractor(
  data: DataSet,
  index: number,
  candidates: number,
  tagger: Tagger,
  random: Random,
): number | undefined {
  const captionOf = (example: number) => data.record(example).captions[0]!;
  const nounsOf = (caption: string) =>
    tagger.tag(caption).filter(({ tag }) => tag === "NOUN").map(({ text }) => text.toLowerCase());
  const own = firstWithPicture(data, index);
  const caption = captionOf(index);
  const [first] = nounsOf(caption);
  let last: number | undefined;
  for (let tried = 0; tried < candidates; tried++) {
    const other = random.integer(data.length);
    if (firstWithPicture(data, other) === own) continue;
    last = other;
    if (first === undefined) continue;
    const text = captionOf(other);
    if (text !== caption && nounsOf(text).includes(first)) return other;
  }
  return last;
}
