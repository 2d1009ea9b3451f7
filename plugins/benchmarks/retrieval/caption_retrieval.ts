import { z } from "zod";
import { defineComponent } from "../../../core/define_component.ts";
import type { Context } from "../../../core/context.ts";
import {
  type DataSet,
  type DataSource,
  isDataSource,
  reportFaults,
} from "../../../core/dataset.ts";
import { nameEmbeddings } from "../../../core/embedding_error.ts";
import { PictureError } from "../../../core/images/picture_error.ts";
import type { Benchmark } from "../../../core/benchmark.ts";
import { evaluateRetrieval } from "./evaluate_retrieval.ts";
import { givenSource } from "../harness/given_source.ts";
import type { CaptionedPicture } from "./karpathy.ts";
import { MissingPicturesError } from "../harness/missing_pictures.ts";

/** Options of {@linkcode captionRetrieval}. */
export interface CaptionRetrievalOptions {
  /** Pictures with captions: those of `captions`. */
  readonly data: DataSource;
  /** The name in results. */
  readonly dataset: string;
  /** Use only so many captions of each picture, the first ones. Default `null`: all. */
  readonly captions?: number | null;
  /** Use only so many pictures, the first ones. Default `null`: all. */
  readonly limit?: number | null;
}

const schema = z.strictObject({
  data: z.custom<DataSource>(isDataSource, { error: "expected a source of data" }),
  dataset: z.string().min(1),
  captions: z.int().min(1).nullable().default(null),
  limit: z.int().min(1).nullable().default(null),
});

/**
 * Retrieval both ways on any pictures with captions, scored as {@linkcode cocoRetrieval}.
 *
 * `evaluate` looks for all pictures before it embeds any, and throws a
 * {@linkcode MissingPicturesError} that has the names of all that are missing or no pictures.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { captionRetrieval } from "@syntagma/syntagma/benchmarks";
 * import { captions } from "@syntagma/syntagma/captions";
 *
 * const data = captions({ path: "photos/captions.csv" });
 * console.assert(captionRetrieval({ data, dataset: "photos" }).name === "captionRetrieval");
 * ```
 */
export const captionRetrieval: (options: CaptionRetrievalOptions) => Benchmark = defineComponent({
  name: "captionRetrieval",
  schema,
  make: ({ data, ...settings }) => ({
    source: givenSource(`Retrieval on ${settings.dataset}`),
    check: async (context) => {
      await findPictures(context, data, settings);
    },
    async evaluate(encoder, context) {
      const { set, pictures } = await findPictures(context, data, settings);
      reportFaults(set, context.log);
      const partial = pictures.length === set.length ? undefined : { of: set.length, missing: [] };
      const images = await nameEmbeddings(
        encoder.images(pictures.length, (index) => set.pixels(index)),
        (row) => pictures[row]!.file,
      );
      return [await evaluateRetrieval(encoder, settings.dataset, pictures, images, partial)];
    },
  }),
});

async function findPictures(
  context: Context,
  data: DataSource,
  { captions: most, limit }: Pick<z.infer<typeof schema>, "captions" | "limit">,
): Promise<{ readonly set: DataSet; readonly pictures: readonly CaptionedPicture[] }> {
  const set = await data.open(context);
  const length = Math.min(set.length, limit ?? Infinity);
  const pictures = Array.from({ length }, (_, index) => {
    const { id, captions } = set.record(index);
    return { file: id, captions: captions.slice(0, most ?? Infinity) };
  });
  const missing: string[] = [];
  let reason = "";
  for (const [index, { file }] of pictures.entries()) {
    try {
      await set.size(index);
    } catch (error) {
      if (!(error instanceof PictureError)) throw error;
      if (missing.push(file) === 1) reason = error.message;
    }
  }
  if (missing.length > 0) {
    throw new MissingPicturesError(set.name, length, missing, ` (${reason})`);
  }
  return { set, pictures };
}
