import type { Raster } from "../../core/images/raster.ts";
import { compositionalItem } from "./compositional.ts";
import { FOIL_CATEGORIES } from "./foils.ts";
import { parseItemPictureName } from "./item_picture_name.ts";
import { PAIR_SWAPS, pairItem, renderPair } from "./pairs_benchmark.ts";
import { renderScene } from "./render.ts";
import { retrievalItems } from "./retrieval.ts";
import { zeroShotItems } from "./zero_shot.ts";

/**
 * Draws the picture of a benchmark's item by the name that its result gives: such as
 * `"scenes/swap_att/seed-1/17"`.
 *
 * @param size Pixels of the shorter side, at least 8.
 * @returns undefined if the name is none of a picture of the world's benchmarks.
 *
 * @example
 * ```ts
 * import { drawItemPicture } from "./draw_item_picture.ts";
 *
 * const { width, height } = drawItemPicture("scenes/swap_att/seed-1/17", 48)!;
 * console.assert(Math.min(width, height) === 48 && Math.max(width, height) === 72);
 * ```
 */
export function drawItemPicture(name: string, size: number): Raster | undefined {
  const parsed = parseItemPictureName(name);
  if (parsed === undefined) return undefined;
  const { category, seed, index } = parsed;
  const foil = FOIL_CATEGORIES.find((each) => each === category);
  if (foil !== undefined) return renderScene(compositionalItem(foil, seed, index).scene, size);
  const swap = PAIR_SWAPS.find((each) => each === category);
  if (swap !== undefined) return renderPair(pairItem(swap, seed, index), size);
  const items = { items: index + 1, seed };
  if (category === "retrieval") return renderScene(retrievalItems(items).at(-1)!.scene, size);
  if (category === "colour_shape") return renderScene(zeroShotItems(items).at(-1)!.scene, size);
  return undefined;
}
