import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import type { ComposeContext, Composer, Composition } from "../../core/objective.ts";
import type { PrepareContext } from "../../core/prepare_context.ts";
import { createRandom } from "../../core/random.ts";
import { PictureError } from "../../core/images/picture_error.ts";
import { drawExample, type ExampleOptions, exampleOptions } from "../contrastive/draw_example.ts";
import { negativesOption } from "../contrastive/negatives_option.ts";
import type { NegativeGenerator } from "../../core/negative_generator.ts";
import { findNeighbours, type NeighboursOf } from "./find_neighbours.ts";
import { negclipSwaps } from "./swaps.ts";

/** Options of {@linkcode negclipRows}. */
export interface NegclipRowsOptions extends ExampleOptions {
  /** Makes the hard negatives of a caption. Default `negclipSwaps()`. */
  readonly negatives?: NegativeGenerator;
  /** Among how many pictures that look most alike the second row's is drawn. Default 3. */
  readonly neighbours?: number;
  /**
   * A folder that neighbours are kept in, one file for each data set, so that another run on the
   * same data with the same model need not embed every picture again. Default `null`: not kept.
   */
  readonly cache?: string | null;
  /**
   * The folder that the command `write-neighbours` left for the pictures of this data: a path, or an
   * `hf:` or `https:` address. No picture is embedded then, and `cache` is not used. Default `null`.
   */
  readonly from?: string | null;
}

const schema = z.strictObject({
  negatives: negativesOption.default(() => negclipSwaps()),
  neighbours: z.int().min(1).default(3),
  ...exampleOptions,
  cache: z.string().min(1).nullable().default(null),
  from: z.string().min(1).nullable().default(null),
});

/**
 * NegCLIP's rows, two of an example (Yuksekgonul et al., ICLR 2023): its picture with a caption and
 * the hard negatives of that caption, and the same of one of the pictures that look most like it. So
 * a batch of 256 has 512 pictures and, with one negative a caption, 1024 texts.
 *
 * Pictures look alike where the model that is to be trained embeds them with a large cosine; `prepare`
 * embeds every picture of the data for that, once if several examples share it, unless they were found
 * ahead (`from`). Neighbours are other pictures; of a neighbour with several examples one is drawn. An
 * example whose picture, or whose neighbour's, cannot be decoded is skipped.
 *
 * Everything random comes from streams of the key `(seed, "negclipRows", epoch, index, …)`.
 *
 * @throws {RangeError} if an option is unknown or out of range. `prepare` throws one if the data
 *   has no two pictures.
 */
export const negclipRows: (
  options?: NegclipRowsOptions,
) => Composer<"caption" | "negative"> = defineComponent({
  name: "negclipRows",
  schema,
  make: (settings) => ({
    groups: { caption: 1, negative: settings.negatives.slots },
    rows: 2,
    async prepare(context: PrepareContext) {
      const cache = context.rehearsal ? null : settings.cache;
      const neighboursOf = await findNeighbours(context, { ...settings, cache });
      const negatives = await settings.negatives.prepare?.(context) ?? settings.negatives;
      const prepared = { ...settings, negatives };
      return {
        ...negclipRows(prepared),
        compose: (index: number, context: ComposeContext) =>
          composeRows(index, context, prepared, neighboursOf),
      };
    },
    compose: () =>
      Promise.reject(new Error("negclipRows: expected prepare() to be called before compose()")),
  }),
});

type Settings = z.infer<typeof schema>;

async function composeRows(
  index: number,
  context: ComposeContext,
  settings: Settings,
  neighboursOf: NeighboursOf,
): Promise<readonly Composition<"caption" | "negative">[]> {
  const candidates = neighboursOf(index);
  if (candidates.length === 0) {
    throw new PictureError(
      context.data.record(index).id,
      "was not decoded when neighbours were searched",
    );
  }
  const random = createRandom(context.seed, "negclipRows", context.epoch, index);
  const of = { ...context, example: index };
  return await Promise.all([
    composeRow(index, "own", of, settings),
    composeRow(random.pick(random.pick(candidates)), "neighbour", of, settings),
  ]);
}

async function composeRow(
  index: number,
  which: "own" | "neighbour",
  of: RowContext,
  settings: Settings,
): Promise<Composition<"caption" | "negative">> {
  const stream = (what: string) =>
    createRandom(of.seed, "negclipRows", of.epoch, of.example, which, what);
  const { id, caption, ...drawn } = drawExample(index, of, settings, stream("picture"));
  // Streams of their own: which of the two draws first depends on how fast the picture is read.
  const [image, negative] = await Promise.all([
    drawn.image,
    settings.negatives.generate(caption, stream("negatives")),
  ]);
  return { id, shows: [index], image, texts: { caption: [caption], negative } };
}

/** What a row is drawn with. */
interface RowContext extends ComposeContext {
  /** The example that gives the row, its own or its neighbour's. */
  readonly example: number;
}
