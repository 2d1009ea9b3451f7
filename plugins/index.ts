/**
 * The plugins that come along.
 *
 * @module
 */
import type { Plugin } from "../core/plugin.ts";

/** In the order in which they are asked: what `clip` is asked for it takes for a path. */
const modules: readonly { readonly default: Plugin }[] = await Promise.all([
  import("./app/plugin.ts"),
  import("./contrastive/plugin.ts"),
  import("./clic/plugin.ts"),
  import("./clove/plugin.ts"),
  import("./ce_clip/plugin.ts"),
  import("./negclip/plugin.ts"),
  import("./lora/plugin.ts"),
  import("./export/plugin.ts"),
  import("./labclip/plugin.ts"),
  import("./fsc_clip/plugin.ts"),
  import("./triplet_clip/plugin.ts"),
  import("./con_clip/plugin.ts"),
  import("./negbench/plugin.ts"),
  import("./degla/plugin.ts"),
  import("./cs_clip/plugin.ts"),
  import("./c2lip/plugin.ts"),
  import("./read_clip/plugin.ts"),
  import("./negatives/plugin.ts"),
  import("./patching/plugin.ts"),
  import("./captions/plugin.ts"),
  import("./captioners/plugin.ts"),
  import("./benchmarks/plugin.ts"),
  import("./scenes/plugin.ts"),
  import("./onnx/plugin.ts"),
  import("./clip/plugin.ts"),
]);

/** One a line above; a plugin loads what it brings when that is asked for. */
export const plugins: readonly Plugin[] = modules.map((module) => module.default);
