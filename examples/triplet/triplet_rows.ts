import { type Composer, defineComponent } from "@syntagma/syntagma";
import { singleCaption } from "@syntagma/syntagma/contrastive";
import { z } from "zod";
import { negativesOf } from "./triplets.ts";

/** Two rows of a triplet: picture and caption, then negative picture and negative caption. */
export const tripletRows: () => Composer<"caption" | "negative"> = defineComponent({
  name: "tripletRows",
  schema: z.strictObject({}),
  make: () => ({
    groups: { caption: 1, negative: 1 },
    rows: 2,
    async compose(index, context) {
      const views = [context.data, negativesOf(context.data)];
      const [[row], [other]] = await Promise.all(
        views.map((data) => singleCaption().compose(index, { ...context, data })),
      ) as [[SingleRow], [SingleRow]];
      const texts = [row.texts.caption, other.texts.caption] as const;
      return [
        { ...row, texts: { caption: texts[0], negative: texts[1] } },
        // No example has this picture as its own.
        { ...other, shows: [-1 - index], texts: { caption: texts[1], negative: texts[0] } },
      ];
    },
  }),
});

type SingleRow = Awaited<ReturnType<Composer<"caption">["compose"]>>[number];
