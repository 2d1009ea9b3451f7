import { z } from "zod";
import { defineComponent } from "../../../core/define_component.ts";
import type { Context } from "../../../core/context.ts";
import type { Evaluation } from "../../../core/evaluator.ts";
import type { Benchmark, BenchmarkSource } from "../../../core/benchmark.ts";
import { embedPictures, logBroken } from "../harness/embed_pictures.ts";
import { evaluateRetrieval } from "./evaluate_retrieval.ts";
import { itemBenchmarkShape } from "../harness/item_benchmark.ts";
import type { CaptionedPicture } from "./karpathy.ts";
import {
  checkSomeFound,
  findPictures,
  type FoundPictures,
  missingPictures,
  readPictures,
} from "../harness/picture_folder.ts";

/** Pictures with captions among which each is looked for. */
export interface RetrievalSet {
  /** The name in results. */
  readonly dataset: string;
  /** How many pictures the authors have; `null` where that is not known. */
  readonly official: number | null;
  /** Those that the annotations hold. */
  readonly pictures: readonly CaptionedPicture[];
}

/** A benchmark of retrieval, which {@linkcode defineRetrieval} makes a factory of. */
export interface RetrievalDefinition {
  /** The factory's name. */
  readonly name: string;
  /** Where it comes from. */
  readonly source: BenchmarkSource;
  /** The metric that stands for a set. Default: `image_retrieval_recall@1`. */
  readonly headline?: string;
  /** Reads the annotations. */
  readonly load: (
    context: Context,
    options: { readonly annotations: string },
  ) => Promise<readonly RetrievalSet[]>;
  /** What the results are beside each other. */
  readonly finish?: (evaluations: readonly Evaluation[]) => readonly Evaluation[];
}

/**
 * A factory of a benchmark of retrieval both ways: pictures that are missing are named before
 * anything is embedded.
 */
export function defineRetrieval(
  { name, source, headline, load, finish = (evaluations) => evaluations }: RetrievalDefinition,
): (options: unknown) => Benchmark {
  const schema = z.strictObject({
    ...itemBenchmarkShape(source),
    captions: z.int().min(1).nullable().default(null),
  });
  type Options = z.infer<typeof schema>;
  const gather = async (context: Context, options: Options) => {
    const found: GatheredSet[] = [];
    for (const set of await load(context, options)) found.push(await gatherSet(set, options));
    return found;
  };
  const gatherSet = async (set: RetrievalSet, options: Options): Promise<GatheredSet> => {
    const { dataset, official, pictures: all } = set;
    if (official !== null && all.length !== official && !options.partial) {
      throw new RangeError(
        `${source.title}: expected the ${official} pictures of ${dataset} in its ` +
          `annotations, found ${all.length}; partial: true scores those that are there`,
      );
    }
    const folders = typeof options.images === "string" ? [options.images] : options.images;
    const chosen = all.slice(0, options.limit ?? Infinity);
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
      throw new RangeError(
        `${source.title}: expected at least one picture of ${options.annotations}, found none`,
      );
    }
    return { dataset, of: official ?? all.length, pictures, found };
  };
  return defineComponent({
    name,
    schema,
    make: (options) => ({
      source,
      check: async (context) => {
        await gather(context, options);
      },
      async evaluate(encoder, context) {
        const evaluations: Evaluation[] = [];
        for (const { dataset, of, pictures, found } of await gather(context, options)) {
          const reader = readPictures(context, found);
          const { rows, kept, broken } = await embedPictures(
            encoder,
            {
              count: pictures.length,
              read: (index) => reader.read(pictures[index]!),
              key: (index) => reader.key(pictures[index]!),
              name: (index) => pictures[index]!.file,
            },
            options.partial ? logBroken(context, name) : undefined,
          );
          const scored = kept.map((index) => pictures[index]!);
          const missing = [...found.missing, ...broken.map((index) => pictures[index]!.file)];
          const partial = scored.length === of ? undefined : { of, missing };
          const evaluation = await evaluateRetrieval(encoder, dataset, scored, rows, partial);
          evaluations.push({ ...evaluation, headline: headline ?? evaluation.headline });
        }
        return finish(evaluations);
      },
    }),
  });
}

/** A set's pictures that can be scored. */
interface GatheredSet {
  readonly dataset: string;
  readonly of: number;
  readonly pictures: readonly CaptionedPicture[];
  readonly found: FoundPictures;
}
