import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import type { ComposeContext, Composer, Composition } from "../../core/objective.ts";
import { createRandom } from "../../core/random.ts";
import { cropOption, type CropScale, drawSquare } from "./draw_square.ts";

/** Options of {@linkcode singleCaption}. */
export interface SingleCaptionOptions {
  /** Which caption goes with the picture: the `"first"`, or a `"random"` one. Default `"first"`. */
  readonly caption?: "first" | "random";
  /**
   * The least and the largest share of the picture's area that is cut out at random and resized to
   * the square input, as torchvision's `RandomResizedCrop` does. Default `null`: the centre.
   */
  readonly crop?: CropScale | null;
}

const schema = z.strictObject({
  caption: z.enum(["first", "random"]).default("first"),
  crop: cropOption,
});

/**
 * Rows of one picture and one of its captions; a square of the picture, its centre or a random crop.
 *
 * @throws {RangeError} if an option is unknown or has a value that is none of its own.
 */
export const singleCaption: (options?: SingleCaptionOptions) => Composer<"caption"> =
  defineComponent({
    name: "singleCaption",
    schema,
    make: (checked) => ({
      groups: { caption: 1 },
      rows: 1,
      async compose(
        index: number,
        context: ComposeContext,
      ): Promise<readonly Composition<"caption">[]> {
        const { data, preprocessing, seed, epoch } = context;
        const { id, captions } = data.record(index);
        const random = createRandom(seed, "singleCaption", epoch, index);
        const text = checked.caption === "first" ? captions[0]! : random.pick(captions);
        return [{
          id,
          image: await drawSquare(data, index, preprocessing, checked.crop, random),
          texts: { caption: [text] },
        }];
      },
    }),
  });
