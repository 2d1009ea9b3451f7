/**
 * The plugins that come along.
 *
 * @module
 */
import type { Plugin } from "../core/plugin.ts";
import app from "./app/plugin.ts";
import benchmarks from "./benchmarks/plugin.ts";
import captioners from "./captioners/plugin.ts";
import captions from "./captions/plugin.ts";
import ceClip from "./ce_clip/plugin.ts";
import clic from "./clic/plugin.ts";
import clip from "./clip/plugin.ts";
import clove from "./clove/plugin.ts";
import contrastive from "./contrastive/plugin.ts";
import exporting from "./export/plugin.ts";
import lora from "./lora/plugin.ts";
import negatives from "./negatives/plugin.ts";
import negclip from "./negclip/plugin.ts";
import patching from "./patching/plugin.ts";
import scenes from "./scenes/plugin.ts";

/** In the order in which they are asked: what `clip` is asked for it takes for a path. */
export const plugins: readonly Plugin[] = [
  app,
  contrastive,
  clic,
  clove,
  ceClip,
  negclip,
  lora,
  exporting,
  negatives,
  patching,
  captions,
  captioners,
  benchmarks,
  scenes,
  clip,
];
