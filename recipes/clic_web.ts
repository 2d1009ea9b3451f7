/**
 * CLIC on the embedded CLIP, as the page of `deno task web` trains it.
 *
 * @module
 */
import type { Recipe } from "../core/recipe.ts";
import { clicOnScenes } from "../plugins/scenes/clic_on_scenes.ts";
import { tinyClip } from "../plugins/scenes/tiny_clip.ts";

const recipe: Recipe = clicOnScenes(tinyClip());

export default recipe;
