import type { DualEncoder, Preprocessing, Tokenizer } from "../../core/model.ts";
import type { ClipConfig } from "./config.ts";
import { clipImageTower } from "./image_tower.ts";
import type { ClipNames } from "./names.ts";
import { clipParameters } from "./parameters.ts";
import { clipTextTower } from "./text_tower.ts";

/** What a CLIP gives beyond embeddings. */
export const clipFeatures: Readonly<Record<"patches" | "tokens" | "pooled", true>> = {
  patches: true,
  tokens: true,
  pooled: true,
};

/** What a CLIP is made of. */
export interface ClipParts {
  /** For manifests. */
  readonly name: string;
  /** The architecture. */
  readonly config: ClipConfig;
  /** Under which names its weights are kept. */
  readonly names: ClipNames;
  /** From text to token ids. */
  readonly tokenizer: Tokenizer;
  /** From a picture to the image tower's input. */
  readonly preprocessing: Preprocessing;
  /** Values of parameters. */
  readonly read: DualEncoder["read"];
  /** Writes a model folder. */
  readonly write: DualEncoder["write"];
}

/** A CLIP as the dual encoder that training and benchmarks work with. */
export function createClip(parts: ClipParts): DualEncoder {
  const { name, config, names, tokenizer, preprocessing, read, write } = parts;
  return {
    name,
    dim: config.dim,
    image: clipImageTower(config, names),
    text: clipTextTower(config, names),
    tokenizer,
    preprocessing,
    parameters: clipParameters(config, names),
    logitScale: names.logitScale,
    read,
    write,
  };
}
