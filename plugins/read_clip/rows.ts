import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import type { NegativeGenerator } from "../../core/negative_generator.ts";
import type { ComposeContext, Composer, Composition } from "../../core/objective.ts";
import type { PrepareContext } from "../../core/prepare_context.ts";
import { createRandom } from "../../core/random.ts";
import type { ExampleOptions } from "../contrastive/draw_example.ts";
import { cropOption, drawSquare } from "../contrastive/draw_square.ts";
import { negativesOption } from "../contrastive/negatives_option.ts";
import { negclipSwaps } from "../negclip/swaps.ts";

type Texts = "caption" | "negative" | "paraphrase" | "label";

/** Options of {@linkcode readClipRows}. */
export interface ReadClipRowsOptions extends Pick<ExampleOptions, "crop"> {
  /** Makes hard negatives of the caption. Default `negclipSwaps()`. */
  readonly negatives?: NegativeGenerator;
  /** How often it is asked for each caption. Default 3. */
  readonly times?: number;
  /**
   * The value of `label` where it is not given: `"paper"` (the default) or `"released"`.
   */
  readonly preset?: "released" | "paper";
  /**
   * Which of the picture's captions is to be reconstructed: `"another"` than the caption, drawn at
   * random (paper), or `"any"` of all, so that it is the caption itself once in five times
   * (released).
   */
  readonly label?: "another" | "any";
}

const presets = { released: { label: "any" }, paper: { label: "another" } } as const;
const schema = z.strictObject({
  preset: z.enum(["released", "paper"]).default("paper"),
  negatives: negativesOption.default(() => negclipSwaps()),
  // num_hard_negs of the authors' config/train_read_clip.yaml.
  times: z.int().min(1).default(3),
  label: z.enum(["another", "any"]),
  crop: cropOption,
});

/**
 * READ-CLIP's rows: a picture, one of its captions drawn at random, hard negatives of that, another of
 * its captions as paraphrase, and one as the label of a reconstruction (see `readClipLoss`); none of
 * these where the picture has one caption alone. The authors draw the
 * paraphrase among the other captions and those that a language model wrote of them; a table may have
 * both as captions of a picture.
 *
 * @throws {SettingsError} if an option is unknown or out of range.
 */
export const readClipRows: (
  options?: ReadClipRowsOptions,
) => Composer<"caption" | "negative" | "paraphrase" | "label"> = defineComponent({
  name: "readClipRows",
  schema,
  presets,
  make: ({ negatives, times, label, crop }) => ({
    groups: { caption: 1, negative: negatives.slots * times, paraphrase: 1, label: 1 },
    rows: 1,
    prepare: async (context: PrepareContext) => {
      const ready = await negatives.prepare?.(context) ?? negatives;
      return readClipRows({ times, label, crop, negatives: ready });
    },
    async compose(
      index: number,
      { data, preprocessing, seed, epoch }: ComposeContext,
    ): Promise<readonly Composition<Texts>[]> {
      const { id, captions } = data.record(index);
      const stream = (...what: readonly (string | number)[]) =>
        createRandom(seed, "readClipRows", epoch, index, ...what);
      const [caption, ...others] = stream().shuffle(captions);
      const labels = label === "any" ? captions : others;
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
        paraphrase: [others[0] ?? null],
        label: [labels.length === 0 ? null : stream("label").pick(labels)],
      };
      return [{ id, image, texts }];
    },
  }),
});
