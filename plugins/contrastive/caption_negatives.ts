import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import type { ComposeContext, Composer, Composition } from "../../core/objective.ts";
import type { PrepareContext } from "../../core/prepare_context.ts";
import { createRandom } from "../../core/random.ts";
import { isNegativeGenerator, type NegativeGenerator } from "../../core/negative_generator.ts";
import { cropOption, type CropScale, drawSquare } from "./draw_square.ts";

/** Options of {@linkcode captionNegatives}. */
export interface CaptionNegativesOptions {
  /** Makes the hard negatives of a caption. */
  readonly negatives: NegativeGenerator;
  /** Which caption goes with the picture: the `"first"`, or a `"random"` one. Default `"first"`. */
  readonly caption?: "first" | "random";
  /**
   * The least and the largest share of the picture's area that is cut out at random and resized to
   * the square input, as torchvision's `RandomResizedCrop` does. Default `null`: the centre.
   */
  readonly crop?: CropScale | null;
}

const schema = z.strictObject({
  negatives: z.custom<NegativeGenerator>(isNegativeGenerator, {
    error: "expected a generator of negatives",
  }),
  caption: z.enum(["first", "random"]).default("first"),
  crop: cropOption,
});

/**
 * Rows of one picture, one of its captions, and the hard negatives that a generator makes of that
 * caption: as many as the generator has slots, with gaps where it found none.
 *
 * Everything random comes from `createRandom(seed, "captionNegatives", epoch, index)`, and for the
 * negatives from the same with `"negatives"` at its end.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 */
export const captionNegatives: (
  options: CaptionNegativesOptions,
) => Composer<"caption" | "negative"> = defineComponent({
  name: "captionNegatives",
  schema,
  make: ({ negatives, ...settings }) => ({
    groups: { caption: 1, negative: negatives.slots },
    rows: 1,
    prepare: async (context: PrepareContext) =>
      captionNegatives({ ...settings, negatives: await negatives.prepare?.(context) ?? negatives }),
    async compose(
      index: number,
      context: ComposeContext,
    ): Promise<readonly Composition<"caption" | "negative">[]> {
      const { data, preprocessing, seed, epoch } = context;
      const { id, captions } = data.record(index);
      const random = createRandom(seed, "captionNegatives", epoch, index);
      const caption = settings.caption === "first" ? captions[0]! : random.pick(captions);
      const image = drawSquare(data, index, preprocessing, settings.crop, random);
      // A stream of its own: which of the two draws first depends on how fast the picture is read.
      const choices = createRandom(seed, "captionNegatives", epoch, index, "negatives");
      const [pixels, negative] = await Promise.all([image, negatives.generate(caption, choices)]);
      return [{ id, image: pixels, texts: { caption: [caption], negative } }];
    },
  }),
});
