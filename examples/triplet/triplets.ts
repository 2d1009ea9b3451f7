import { type Composer, type DataSource, defineComponent, ofNegatives } from "@syntagma/syntagma";
import { defineLineReader, type LineReaderOptions } from "@syntagma/syntagma/authoring";
import { singleCaption } from "@syntagma/syntagma/contrastive";
import { z } from "zod";

const text = z.string().min(1);

/** Reads JSON lines: `{"image", "caption", "negative_image", "negative_caption"}`. */
export const triplets: (options: LineReaderOptions) => DataSource = defineLineReader({
  name: "triplets",
  line: z.object({ image: text, caption: text, negative_image: text, negative_caption: text }),
  example: (line) => ({ id: line.image, captions: [line.caption] }),
  negative: (line) => ({ id: line.negative_image, captions: [line.negative_caption] }),
});

/** A row of a triplet: picture and caption, with negative picture and negative caption. */
export const tripletRows: () => Composer<"caption" | "negative", "negative"> = defineComponent({
  name: "tripletRows",
  schema: z.strictObject({}),
  make: () => ({
    groups: { caption: 1, negative: 1 },
    pictures: { negative: 1 },
    rows: 1,
    async compose(index, context) {
      const [negative] = await singleCaption().compose(index, ofNegatives(context));
      const [own] = await singleCaption().compose(index, context);
      const texts = { ...own!.texts, negative: negative!.texts.caption };
      return [{ ...own!, texts, images: { negative: [negative!.image] } }];
    },
  }),
});
