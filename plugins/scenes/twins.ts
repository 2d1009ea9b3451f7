import { z } from "zod";
import type { JsonObject } from "../../core/component.ts";
import { defineComponent } from "../../core/define_component.ts";
import type { ComposeContext, Composer, Composition } from "../../core/objective.ts";
import { singleCaption } from "../contrastive/single_caption.ts";

const single = singleCaption();

/**
 * Rows of a scene and of its twin, each with its first caption: what is where is all that tells the
 * two apart. For `scenes({ twins: true, telling: "placed" })`, of which it takes two examples for one.
 *
 * @throws {RangeError} if an option is given: there is none.
 */
export const twins: (options?: JsonObject) => Composer<"caption"> = defineComponent({
  name: "twins",
  schema: z.strictObject({}),
  make: () => ({
    groups: { caption: 1 },
    rows: 2,
    async compose(
      index: number,
      context: ComposeContext,
    ): Promise<readonly Composition<"caption">[]> {
      const scenes = [index, index ^ 1];
      const rows = await Promise.all(scenes.map((scene) => single.compose(scene, context)));
      return rows.flatMap((row, at) => row.map((own) => ({ ...own, shows: [scenes[at]!] })));
    },
  }),
});
