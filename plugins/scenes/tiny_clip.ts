/**
 * The embedded CLIP: small enough to be shipped, trained on the embedded world.
 *
 * @module
 */
import type { ModelSource } from "../../core/model.ts";
import { packageFile } from "../../core/host/assets/package_file.ts";
import { defineEmbeddedClip } from "./embedded_clip.ts";
import { TINY_CLIP, tinyClipModel } from "./tiny_clip_model.ts";

/**
 * A CLIP of 0.7 M parameters over the words of {@linkcode scenes}: pictures of 48 × 48 pixels in
 * patches of 24, texts of up to 62 words. The shipped weights come from the recipe `pretrain-tiny`.
 *
 * @param options.weights `"shipped"` for the weights of this package, `"random"` to begin from nothing,
 *   or the address of an `open_clip_model.safetensors` that a run has left. Default `"shipped"`.
 * @throws {RangeError} if an option is unknown or has a wrong value.
 *
 * @example
 * ```ts
 * import { tinyClip } from "@syntagma/syntagma/scenes";
 *
 * const model = await tinyClip({ weights: "random" }).generate(1);
 * console.assert(model.dim === 128);
 * ```
 */
export const tinyClip: (
  options?: { readonly weights?: string },
) => ModelSource<"patches" | "tokens" | "pooled"> = defineEmbeddedClip({
  name: "tinyClip",
  config: TINY_CLIP,
  create: tinyClipModel,
  shipped: ({ assets }) => packageFile("./tiny_clip.safetensors", import.meta.url, { assets }),
});
