import type { Normalization } from "../../core/images/raster.ts";
import type { ComposeContext, Composition } from "../../core/objective.ts";
import { createRandom } from "../../core/random.ts";
import { concatenate, halfOf } from "./concatenate.ts";
import { drawPair, type PairSettings } from "./draw_pair.ts";
import { orientation } from "./partner.ts";

/** The text groups of a pair. */
export type ClicGroup = "caption" | "positive" | "negative";

/** What {@linkcode composePair} goes by. */
export interface ComposePairSettings extends PairSettings {
  /** How the pair's picture is normalised. Default: as the model's own pictures are. */
  readonly normalize?: Normalization;
}

/**
 * CLIC's row of example `index` and a partner, see `clicPairs`; it needs nothing but the data, a
 * tagger and, where synonyms are to stay apart, a test for them.
 *
 * @throws {PictureError} if the set has no partner of the picture's orientation.
 */
export async function composePair(
  index: number,
  { data, preprocessing, seed, epoch }: ComposeContext,
  settings: ComposePairSettings,
): Promise<readonly Composition<ClicGroup>[]> {
  const random = createRandom(seed, "clic", epoch, index);
  const side = orientation(await data.size(index));
  const { partner, ids, positives, negatives } = await drawPair(
    data,
    index,
    side,
    random,
    settings,
  );
  const half = halfOf(side, preprocessing.size);
  const pixels = await Promise.all([data.pixels(index, half), data.pixels(partner, half)]);
  const [first, second] = random.coin() ? pixels : [pixels[1], pixels[0]];
  return [{
    id: ids.join(" + "),
    shows: [index, partner],
    image: concatenate(first, second, side),
    ...(settings.normalize === undefined ? {} : { normalization: settings.normalize }),
    texts: { caption: [positives[0]!], positive: positives, negative: negatives },
  }];
}
