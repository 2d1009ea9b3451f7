import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import type { ComposeContext, Composer, Composition } from "../../core/objective.ts";
import type { PrepareContext } from "../../core/prepare_context.ts";
import { createRandom } from "../../core/random.ts";
import type { NegativeGenerator } from "../../core/negative_generator.ts";
import { drawExample, type ExampleOptions, exampleOptions } from "./draw_example.ts";
import { negativesOption } from "./negatives_option.ts";

const schema = z.strictObject({
  negatives: negativesOption,
  ...exampleOptions,
});

/**
 * Rows of one picture, one of its captions, and the hard negatives that a generator makes of that
 * caption: as many as the generator has slots, with gaps where it found none.
 *
 * Everything random comes from `createRandom(seed, "captionNegatives", epoch, index)`, and for the
 * negatives from the same with `"negatives"` at its end.
 *
 * @param options.negatives Makes the hard negatives of a caption.
 * @throws {RangeError} if an option is unknown or out of range.
 */
export const captionNegatives: (
  options: ExampleOptions & { readonly negatives: NegativeGenerator },
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
      const { seed, epoch } = context;
      const random = createRandom(seed, "captionNegatives", epoch, index);
      const { id, caption, image } = drawExample(index, context, settings, random);
      // A stream of its own: which of the two draws first depends on how fast the picture is read.
      const choices = createRandom(seed, "captionNegatives", epoch, index, "negatives");
      const [pixels, negative] = await Promise.all([image, negatives.generate(caption, choices)]);
      return [{ id, image: pixels, texts: { caption: [caption], negative } }];
    },
  }),
});
