import type { DualEncoder, Preprocessing } from "../../core/model.ts";
import type { ClipConfig } from "../clip/config.ts";
import { type ClipParts, createClip } from "../clip/dual_encoder.ts";
import { openClipNames } from "../clip/names.ts";
import { clipNormalization } from "../clip/normalization.ts";
import { widerVocabulary } from "./vocabulary.ts";
import { wordTokenizer } from "./word_tokenizer.ts";

const tokenizer = wordTokenizer();

/** The embedded CLIP's architecture. */
export const TINY_CLIP: ClipConfig = {
  dim: 128,
  activation: "quick_gelu",
  epsilon: 1e-5,
  // A patch is as large as an object's place: a transformer this small learns shapes so in minutes,
  // and not when it must put them together from parts.
  image: { size: 48, patch: 24, width: 96, layers: 3, heads: 3, hidden: 384 },
  text: {
    context: 64,
    vocabulary: tokenizer.end + 1,
    width: 64,
    layers: 3,
    heads: 2,
    hidden: 256,
  },
};

/** How it sees pictures. */
export const TINY_PREPROCESSING: Preprocessing = {
  ...clipNormalization,
  size: TINY_CLIP.image.size,
};

const widerTokenizer = wordTokenizer(widerVocabulary());

/** The architecture of the embedded CLIP that sees places: the tiny CLIP's, with more words. */
export const SIGHTED_CLIP: ClipConfig = {
  ...TINY_CLIP,
  text: { ...TINY_CLIP.text, vocabulary: widerTokenizer.end + 1 },
};

/** Makes a model with weights from anywhere; `name` says for people where these are from. */
type ModelOf = (name: string, parts: Pick<ClipParts, "read" | "write">) => DualEncoder;

function modelOf(
  what: string,
  { config, tokenizer }: Pick<ClipParts, "config" | "tokenizer">,
): ModelOf {
  return (name, { read, write }) =>
    createClip({
      name: `${what} (${name})`,
      ...{ config, names: openClipNames, tokenizer, preprocessing: TINY_PREPROCESSING },
      ...{ read, write },
    });
}

/** The embedded CLIP. */
export const tinyClipModel: ModelOf = modelOf("tiny CLIP", { config: TINY_CLIP, tokenizer });

/** As {@linkcode tinyClipModel}, of {@linkcode SIGHTED_CLIP}. */
export const sightedClipModel: ModelOf = modelOf("sighted CLIP", {
  config: SIGHTED_CLIP,
  tokenizer: widerTokenizer,
});
