import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import type { ComposeContext, Composer, Composition } from "../../core/objective.ts";
import { createRandom } from "../../core/random.ts";
import { drawExample, type ExampleOptions, exampleOptions } from "./draw_example.ts";

const schema = z.strictObject(exampleOptions);

/**
 * Rows of one picture and one of its captions; a square of the picture, its centre or a random crop.
 *
 * @throws {RangeError} if an option is unknown or has a value that is none of its own.
 */
export const singleCaption: (options?: ExampleOptions) => Composer<"caption"> = defineComponent({
  name: "singleCaption",
  schema,
  make: (checked) => ({
    groups: { caption: 1 },
    rows: 1,
    async compose(
      index: number,
      context: ComposeContext,
    ): Promise<readonly Composition<"caption">[]> {
      const random = createRandom(context.seed, "singleCaption", context.epoch, index);
      const { id, caption, image } = drawExample(index, context, checked, random);
      return [{ id, image: await image, texts: { caption: [caption] } }];
    },
  }),
});
