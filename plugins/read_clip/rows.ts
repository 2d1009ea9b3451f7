import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import type { NegativeGenerator } from "../../core/negative_generator.ts";
import type { ComposeContext, Composer, Composition } from "../../core/objective.ts";
import type { PrepareContext } from "../../core/prepare_context.ts";
import { createRandom } from "../../core/random.ts";
import { cropOption, type CropScale, drawSquare } from "../contrastive/draw_square.ts";
import { negativesOption } from "../contrastive/negatives_option.ts";
import { negclipSwaps } from "../negclip/swaps.ts";
import type { ReadClipGroup } from "./loss.ts";

/** Options of {@linkcode readClipRows}. */
export interface ReadClipRowsOptions {
  /** Makes hard negatives of the caption. Default `negclipSwaps()`. */
  readonly negatives?: NegativeGenerator;
  /** How often it is asked for each caption. Default 3. */
  readonly times?: number;
  /**
   * The least and the largest share of the picture's area that is cut out at random. Default `null`:
   * the centre.
   */
  readonly crop?: CropScale | null;
}

const schema = z.strictObject({
  negatives: negativesOption.default(() => negclipSwaps()),
  // num_hard_negs of the authors' config/train_read_clip.yaml.
  times: z.int().min(1).default(3),
  crop: cropOption,
});

/**
 * READ-CLIP's rows: a picture, one of its captions drawn at random, hard negatives of that, and
 * another of its captions as paraphrase; none where the picture has one alone. The authors draw the
 * paraphrase among the other captions and those that a language model wrote of them; a table may have
 * both as captions of a picture.
 *
 * @throws {SettingsError} if an option is unknown or out of range.
 */
export const readClipRows: (options?: ReadClipRowsOptions) => Composer<ReadClipGroup> =
  defineComponent({
    name: "readClipRows",
    schema,
    make: ({ negatives, times, crop }) => ({
      groups: { caption: 1, negative: negatives.slots * times, paraphrase: 1 },
      rows: 1,
      prepare: async (context: PrepareContext) =>
        readClipRows({ times, crop, negatives: await negatives.prepare?.(context) ?? negatives }),
      async compose(
        index: number,
        { data, preprocessing, seed, epoch }: ComposeContext,
      ): Promise<readonly Composition<ReadClipGroup>[]> {
        const { id, captions } = data.record(index);
        const stream = (...what: readonly (string | number)[]) =>
          createRandom(seed, "readClipRows", epoch, index, ...what);
        const [caption, paraphrase] = stream().shuffle(captions);
        const image = await drawSquare(data, index, preprocessing, crop, stream("crop"));
        const made = await Promise.all(
          Array.from(
            { length: times },
            (_, i) => negatives.generate(caption!, stream("negatives", i)),
          ),
        );
        const texts = {
          caption: [caption!],
          negative: made.flat(),
          paraphrase: [paraphrase ?? null],
        };
        return [{ id, image, texts }];
      },
    }),
  });
