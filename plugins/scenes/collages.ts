import { z } from "zod";
import type { JsonObject } from "../../core/component.ts";
import { defineComponent } from "../../core/define_component.ts";
import type { ComposeContext, Composer, Composition } from "../../core/objective.ts";
import { createRandom } from "../../core/random.ts";
import { concatenate, halfOf } from "../clic/concatenate.ts";
import { drawPartner, orientation } from "../clic/partner.ts";
import { joinSentences } from "../clic/join.ts";

const schema = z.strictObject({});

/**
 * Rows of two pictures in one with a random caption of each, and no hard negatives: pictures of
 * pictures, such as CLIP has seen among its millions. A model that never saw any cannot read CLIC's
 * pairs while its image tower is frozen.
 *
 * @throws {RangeError} if an option is given: there is none.
 */
export const collages: (options?: JsonObject) => Composer<"caption"> = defineComponent({
  name: "collages",
  schema,
  make: () => ({
    groups: { caption: 1 },
    rows: 1,
    async compose(
      index: number,
      context: ComposeContext,
    ): Promise<readonly Composition<"caption">[]> {
      const { data, preprocessing, seed, epoch } = context;
      const random = createRandom(seed, "collages", epoch, index);
      const side = orientation(await data.size(index));
      const partner = await drawPartner(data, index, side, random, { selfPairing: false });
      const half = halfOf(side, preprocessing.size);
      const pair = random.shuffle([index, partner]);
      const [first, second] = await Promise.all(pair.map((place) => data.pixels(place, half)));
      const records = pair.map((place) => data.record(place));
      return [{
        id: records.map(({ id }) => id).join(" + "),
        image: concatenate(first!, second!, side),
        texts: {
          caption: [joinSentences(records.map(({ captions }) => random.pick(captions)))],
        },
      }];
    },
  }),
});
