/**
 * The plugins that come along.
 *
 * @module
 */
import type { Plugin } from "../core/plugin.ts";
import app from "./app/plugin.ts";
import benchmarks from "./benchmarks/plugin.ts";
import c2lip from "./c2lip/plugin.ts";
import captioners from "./captioners/plugin.ts";
import captions from "./captions/plugin.ts";
import ceClip from "./ce_clip/plugin.ts";
import clic from "./clic/plugin.ts";
import clip from "./clip/plugin.ts";
import clove from "./clove/plugin.ts";
import conClip from "./con_clip/plugin.ts";
import contrastive from "./contrastive/plugin.ts";
import exporting from "./export/plugin.ts";
import lora from "./lora/plugin.ts";
import csClip from "./cs_clip/plugin.ts";
import degla from "./degla/plugin.ts";
import fscClip from "./fsc_clip/plugin.ts";
import labclip from "./labclip/plugin.ts";
import negatives from "./negatives/plugin.ts";
import negbench from "./negbench/plugin.ts";
import negclip from "./negclip/plugin.ts";
import onnx from "./onnx/plugin.ts";
import patching from "./patching/plugin.ts";
import readClip from "./read_clip/plugin.ts";
import scenes from "./scenes/plugin.ts";
import tripletClip from "./triplet_clip/plugin.ts";

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
  labclip,
  fscClip,
  tripletClip,
  conClip,
  negbench,
  degla,
  csClip,
  c2lip,
  readClip,
  negatives,
  patching,
  captions,
  captioners,
  benchmarks,
  scenes,
  onnx,
  clip,
];
