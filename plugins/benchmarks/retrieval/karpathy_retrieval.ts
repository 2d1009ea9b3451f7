import { z } from "zod";
import { defineComponent } from "../../../core/define_component.ts";
import type { Context } from "../../../core/context.ts";
import type { Raster } from "../../../core/images/raster.ts";
import type { Benchmark, BenchmarkOptions, BenchmarkSource } from "../../../core/benchmark.ts";
import { embedPictures, logBroken } from "../harness/embed_pictures.ts";
import { evaluateRetrieval } from "./evaluate_retrieval.ts";
import { itemBenchmarkShape } from "../harness/item_benchmark.ts";
import { type CaptionedPicture, readKarpathyTest } from "./karpathy.ts";
import { COCO_TEST, FLICKR30K_TEST } from "./karpathy_sources.ts";
import {
  checkSomeFound,
  findPictures,
  missingPictures,
  readPictures,
} from "../harness/picture_folder.ts";

/** Where retrieval on COCO's Karpathy test split comes from. */
export const COCO_RETRIEVAL_SOURCE: BenchmarkSource = {
  ...COCO_TEST,
  title: "COCO retrieval",
  items: 5000,
};

/** Where retrieval on Flickr30k's Karpathy test split comes from. */
export const FLICKR30K_RETRIEVAL_SOURCE: BenchmarkSource = {
  ...FLICKR30K_TEST,
  title: "Flickr30k retrieval",
  items: 1000,
};

/** Options of retrieval on a Karpathy split. */
export interface KarpathyRetrievalOptions extends BenchmarkOptions {
  /**
   * Use only so many captions of each picture, the first ones. Default `null`: all, as most code
   * does; of COCO's pictures ten have more than five.
   */
  readonly captions?: number | null;
}

/**
 * Retrieval both ways on COCO's Karpathy test split (5,000 pictures): the shares of captions whose
 * picture is among the 1, 5 or 10 nearest (`image_retrieval_recall@k`; `@1` is the headline), and of
 * pictures with an own caption among the nearest (`text_retrieval_recall@k`). Ties count against
 * the model; the field's code leaves them to its sorting routine.
 *
 * Item scores come for each caption, then for each picture: the cosines with the nearest right
 * answer and with the nearest wrong one.
 *
 * `evaluate` throws as that of {@linkcode sugarCrepe}.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { cocoRetrieval } from "@syntagma/syntagma/benchmarks";
 *
 * console.assert(cocoRetrieval({ images: "coco", captions: 5 }).source.items === 5000);
 * ```
 */
export const cocoRetrieval: (options: KarpathyRetrievalOptions) => Benchmark = defineRetrieval(
  "cocoRetrieval",
  "mscoco_captions",
  COCO_RETRIEVAL_SOURCE,
);

/**
 * Retrieval both ways on Flickr30k's Karpathy test split (1,000 pictures), scored as
 * {@linkcode cocoRetrieval}.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { flickr30kRetrieval } from "@syntagma/syntagma/benchmarks";
 *
 * console.assert(flickr30kRetrieval({ images: "flickr30k" }).source.gated);
 * ```
 */
export const flickr30kRetrieval: (options: KarpathyRetrievalOptions) => Benchmark = defineRetrieval(
  "flickr30kRetrieval",
  "flickr30k",
  FLICKR30K_RETRIEVAL_SOURCE,
);

function karpathySchema(source: BenchmarkSource) {
  return z.strictObject({
    ...itemBenchmarkShape(source),
    captions: z.int().min(1).nullable().default(null),
  });
}

function defineRetrieval(
  name: string,
  dataset: string,
  source: BenchmarkSource,
): (options: KarpathyRetrievalOptions) => Benchmark {
  return defineComponent({
    name,
    schema: karpathySchema(source),
    make: (options) => ({
      source,
      check: async (context) => {
        await findCaptioned(context, options, source);
      },
      async evaluate(encoder, context) {
        const { pictures, read, key, missing } = await findCaptioned(context, options, source);
        const { rows, kept, broken } = await embedPictures(
          encoder,
          { count: pictures.length, read, key, name: (index) => pictures[index]!.file },
          options.partial ? logBroken(context, name) : undefined,
        );
        const scored = kept.map((index) => pictures[index]!);
        const unread = broken.map((index) => pictures[index]!.file);
        const of = source.items!;
        const partial = scored.length === of ? undefined : { of, missing: [...missing, ...unread] };
        return [await evaluateRetrieval(encoder, dataset, scored, rows, partial)];
      },
    }),
  });
}

async function findCaptioned(
  context: Context,
  options: z.infer<ReturnType<typeof karpathySchema>>,
  source: BenchmarkSource,
): Promise<{
  readonly pictures: readonly CaptionedPicture[];
  readonly read: (index: number) => Promise<Raster>;
  readonly key: (index: number) => Promise<string>;
  readonly missing: readonly string[];
}> {
  const split = await readKarpathyTest(context, options.annotations);
  if (split.length !== source.items && !options.partial) {
    throw new RangeError(
      `${source.title}: expected the ${source.items} pictures of the test split in its ` +
        `annotations, found ${split.length}; partial: true scores those that are there`,
    );
  }
  const folders = typeof options.images === "string" ? [options.images] : options.images;
  const chosen = split.slice(0, options.limit ?? Infinity);
  const found = await findPictures(folders, chosen.map(({ file }) => file));
  if (found.missing.length > 0 && !options.partial) {
    throw missingPictures(folders, found, source.pictures);
  }
  checkSomeFound(folders, found, source.pictures);
  const pictures = chosen.filter(({ file }) => found.paths.has(file)).map((picture) => ({
    ...picture,
    captions: picture.captions.slice(0, options.captions ?? Infinity),
  }));
  if (pictures.length === 0) {
    throw new RangeError(`${source.title}: expected at least one picture, found none`);
  }
  const reader = readPictures(context, found);
  return {
    pictures,
    read: (index) => reader.read(pictures[index]!),
    key: (index) => reader.key(pictures[index]!),
    missing: found.missing,
  };
}
