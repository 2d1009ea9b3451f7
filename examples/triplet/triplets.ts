import { type Composer, type DataSet, type DataSource, defineComponent } from "@syntagma/syntagma";
import { pictureFiles, readAnnotationLines } from "@syntagma/syntagma/authoring";
import { singleCaption } from "@syntagma/syntagma/contrastive";
import { z } from "zod";

const text = z.string().min(1);
const line = z.object({ image: text, caption: text, negative_image: text, negative_caption: text });

/** Reads JSON lines: `{"image", "caption", "negative_image", "negative_caption"}`. */
export const triplets: (options: { path: string; images: string }) => DataSource = defineComponent({
  name: "triplets",
  schema: z.strictObject({ path: text, images: text }),
  make: ({ path, images: folder }) => ({
    async open({ assets, images }) {
      const lines = await readAnnotationLines({ assets }, path, line);
      const setOf = (pairs: readonly (readonly [image: string, caption: string])[]) => {
        const examples = pairs.map(([id, caption]) => ({ id, captions: [caption] }));
        return pictureFiles({ name: path, folder, examples, images });
      };
      const data = setOf(lines.map((each) => [each.image, each.caption]));
      const negatives = setOf(lines.map((each) => [each.negative_image, each.negative_caption]));
      const fingerprint = async () => await data.fingerprint() + await negatives.fingerprint();
      return { ...data, negatives, fingerprint };
    },
  }),
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
      const of = async (data: DataSet) =>
        (await singleCaption().compose(index, { ...context, data }))[0]!;
      const [row, other] = await Promise.all([of(context.data), of(negativesOf(context.data))]);
      const texts = { caption: row.texts.caption, negative: other.texts.caption };
      return [{ id: row.id, image: row.image, images: { negative: [other.image] }, texts }];
    },
  }),
});

function negativesOf(data: DataSet): DataSet {
  if ("negatives" in data) return data.negatives as DataSet;
  // In a dry run generated data stands for the pictures, and for these.
  if (data.name === "generated data") return data;
  throw new TypeError(`tripletRows: expected data of triplets({ … }), found ${data.name}`);
}
