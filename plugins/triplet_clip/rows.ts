import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import type { DataSet } from "../../core/dataset.ts";
import type { ComposeContext, Composer, Composition } from "../../core/objective.ts";
import type { PrepareContext } from "../../core/prepare_context.ts";
import { createRandom } from "../../core/random.ts";
import { cropOption, type CropScale, drawSquare } from "../contrastive/draw_square.ts";
import { negativesOf } from "./triplet_data.ts";

/** Options of {@linkcode tripletClipRows}. */
export interface TripletClipRowsOptions {
  /** Which caption goes with a picture: the `"first"`, or a `"random"` one. Default `"first"`. */
  readonly caption?: "first" | "random";
  /**
   * The least and the largest share of the area that is cut out of each picture at random. Default
   * `null`: the centre.
   */
  readonly crop?: CropScale | null;
}

const schema = z.strictObject({
  caption: z.enum(["first", "random"]).default("first"),
  crop: cropOption,
});

type Texts = "caption" | "negative";
type Settings = z.infer<typeof schema>;

/**
 * TripletCLIP's rows: a picture with its caption, and its negative picture with the negative caption
 * that is true of it, from data of `tripletData`.
 *
 * @throws {SettingsError} if an option is unknown or out of range. `compose` throws a
 *   {@linkcode TypeError} if the data has no negatives.
 */
export const tripletClipRows: (
  options?: TripletClipRowsOptions,
) => Composer<"caption" | "negative", "negative"> = defineComponent({
  name: "tripletClipRows",
  schema,
  make: (settings) => ({
    groups: { caption: 1, negative: 1 },
    pictures: { negative: 1 },
    rows: 1,
    // A dry run's generated data stands for the negatives too.
    prepare: ({ rehearsal }: PrepareContext) =>
      Promise.resolve(
        rehearsal
          ? { ...tripletClipRows(settings), compose: composeBoth(settings, (data) => data) }
          : tripletClipRows(settings),
      ),
    compose: composeBoth(settings, negativesOf),
  }),
});

function composeBoth(
  settings: Settings,
  negativesOf: (data: DataSet) => DataSet,
): Composer<Texts, "negative">["compose"] {
  return async (index, context): Promise<readonly Composition<Texts, "negative">[]> => {
    const [own, other] = await Promise.all([
      example(index, "own", context, settings),
      example(index, "negative", { ...context, data: negativesOf(context.data) }, settings),
    ]);
    return [{
      id: own.id,
      image: own.image,
      images: { negative: [other.image] },
      texts: { caption: [own.caption], negative: [other.caption] },
    }];
  };
}

async function example(
  index: number,
  which: string,
  { data, preprocessing, seed, epoch }: ComposeContext,
  settings: Settings,
) {
  const { id, captions } = data.record(index);
  const random = createRandom(seed, "tripletClipRows", epoch, index, which);
  const caption = settings.caption === "first" ? captions[0]! : random.pick(captions);
  return {
    id,
    caption,
    image: await drawSquare(data, index, preprocessing, settings.crop, random),
  };
}
