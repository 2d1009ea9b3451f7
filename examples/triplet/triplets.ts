import { type DataSet, type DataSource, defineComponent } from "@syntagma/syntagma";
import { pictureFiles, readAnnotationLines } from "@syntagma/syntagma/authoring";
import { z } from "zod";

const line = z.object({
  image: z.string().min(1),
  caption: z.string().min(1),
  negative_image: z.string().min(1),
  negative_caption: z.string().min(1),
});

/** Pictures with captions of which each has a negative. */
interface Triplets extends DataSet {
  /** The negative pictures with the negative captions, by the same index. */
  readonly negatives: DataSet;
}

/** Reads JSON lines: `{"image", "caption", "negative_image", "negative_caption"}`. */
export const triplets: (
  options: { readonly path: string; readonly images: string },
) => DataSource = defineComponent({
  name: "triplets",
  schema: z.strictObject({ path: z.string().min(1), images: z.string().min(1) }),
  make: ({ path, images: folder }) => ({
    async open(context): Promise<Triplets> {
      const lines = await readAnnotationLines(context, path, line);
      const setOf = (pairs: readonly (readonly [image: string, caption: string])[]) => {
        const examples = pairs.map(([id, caption]) => ({ id, captions: [caption] }));
        return pictureFiles({ name: path, folder, examples, images: context.images });
      };
      const data = setOf(lines.map((each) => [each.image, each.caption]));
      const negatives = setOf(lines.map((each) => [each.negative_image, each.negative_caption]));
      const both = [data, negatives];
      const fingerprint = async () =>
        (await Promise.all(both.map((each) => each.fingerprint()))).join("");
      return { ...data, negatives, fingerprint };
    },
  }),
});

/**
 * The negatives of triplets. In a dry run generated data stands for the pictures, and for these.
 *
 * @throws {TypeError} if the data are no triplets.
 */
export function negativesOf(data: DataSet): DataSet {
  if ("negatives" in data) return (data as Triplets).negatives;
  if (data.name === "generated data") return data;
  throw new TypeError(
    `tripletRows: expected data of triplets({ path, images }), found ${data.name}`,
  );
}
