import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import {
  type ComposeContext,
  type Composer,
  type Composition,
  ofNegatives,
} from "../../core/objective.ts";
import { createRandom } from "../../core/random.ts";
import { drawExample, type ExampleOptions, exampleOptions } from "../contrastive/draw_example.ts";

const schema = z.strictObject(exampleOptions);

type Settings = z.infer<typeof schema>;

/**
 * TripletCLIP's rows: a picture with its caption, and its negative picture with the negative caption
 * that is true of it, from data of `tripletData`.
 *
 * @throws {SettingsError} if an option is unknown or out of range. `compose` throws a
 *   {@linkcode TypeError} if the data has no negatives.
 */
export const tripletClipRows: (
  options?: ExampleOptions,
) => Composer<"caption" | "negative", "negative"> = defineComponent({
  name: "tripletClipRows",
  schema,
  make: (settings) => ({
    groups: { caption: 1, negative: 1 },
    pictures: { negative: 1 },
    rows: 1,
    async compose(
      index: number,
      context: ComposeContext,
    ): Promise<readonly Composition<"caption" | "negative", "negative">[]> {
      // Before any picture is begun: what is refused leaves none that nobody waits for.
      const negatives = ofNegatives(context);
      const [own, other] = await Promise.all([
        example(index, "own", context, settings),
        example(index, "negative", negatives, settings),
      ]);
      return [{
        id: own.id,
        image: own.image,
        images: { negative: [other.image] },
        texts: { caption: [own.caption], negative: [other.caption] },
      }];
    },
  }),
});

async function example(index: number, which: string, of: ComposeContext, settings: Settings) {
  const random = createRandom(of.seed, "tripletClipRows", of.epoch, index, which);
  const drawn = drawExample(index, of, settings, random);
  return { ...drawn, image: await drawn.image };
}
