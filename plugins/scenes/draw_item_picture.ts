import type { Raster } from "../../core/images/raster.ts";
import { CHOICE_KINDS, choiceItem } from "./choices.ts";
import { compositionalItem } from "./compositional.ts";
import { FOIL_CATEGORIES } from "./foils.ts";
import { type ItemPicture, parseItemPictureName } from "./item_picture_name.ts";
import { MATCH_KINDS, matchItem } from "./matches.ts";
import { PAIR_SWAPS, pairItem, renderPair } from "./pairs_benchmark.ts";
import { renderScene } from "./render.ts";
import { retrievalItems } from "./retrieval.ts";
import type { Scene } from "./scene.ts";
import { zeroShotItems } from "./zero_shot.ts";

/**
 * Draws the picture of a benchmark's item by the name that its result gives: such as
 * `"scenes/swap_att/seed-1/17"`, or `"scenes/match_rel/seed-1/17/1"` for an item's second picture.
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
  const { category, seed, index, picture } = parsed;
  const swap = PAIR_SWAPS.find((each) => each === category);
  if (swap !== undefined && picture === 0) return renderPair(pairItem(swap, seed, index), size);
  const scene = scenesOf(parsed)[picture];
  return scene === undefined ? undefined : renderScene(scene, size);
}

/** The scenes of an item, one a picture; none if there is no such benchmark. */
function scenesOf({ category, seed, index }: ItemPicture): readonly Scene[] {
  const foil = FOIL_CATEGORIES.find((each) => each === category);
  if (foil !== undefined) return [compositionalItem(foil, seed, index).scene];
  const choice = CHOICE_KINDS.find((each) => each === category);
  if (choice !== undefined) return [choiceItem(choice, seed, index).scene];
  const match = MATCH_KINDS.find((each) => each === category);
  if (match !== undefined) return matchItem(match, seed, index).scenes;
  const items = { items: index + 1, seed };
  if (category === "retrieval") return [retrievalItems(items).at(-1)!.scene];
  if (category === "colour_shape") return [zeroShotItems(items).at(-1)!.scene];
  return [];
}
