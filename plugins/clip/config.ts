/**
 * The shape of a CLIP model.
 *
 * @module
 */
import type { Activation, TransformerConfig } from "../../core/nn/transformer_config.ts";
import type { ArchitectureName, FamilyArchitecture } from "./architecture_name.ts";

/** The architecture of a ViT CLIP. */
export interface ClipConfig {
  /** Length of an embedding. */
  readonly dim: number;
  /** Of every perceptron. */
  readonly activation: Activation;
  /** Added to the variance in every layer normalisation. */
  readonly epsilon: number;
  /** The vision transformer. */
  readonly image: ClipImageConfig;
  /** The text transformer. */
  readonly text: ClipTextConfig;
}

/** A vision transformer of open_clip's, and what it does otherwise than CLIP's where it says so. */
export interface ClipImageConfig extends TransformerConfig, Partial<TowerVariants> {
  /** Side of the input in pixels. */
  readonly size: number;
  /** Side of a patch in pixels. */
  readonly patch: number;
  /** Whether tokens are normalised before the first block. Default true. */
  readonly preNorm?: boolean;
  /**
   * What the embedding is made of: the class token's output (the default), the mean of the patches'
   * (CLIPA), or what a learned query finds among all (CoCa).
   */
  readonly pool?: "class" | "mean" | { readonly heads: number; readonly queries: number };
  /** Whether the last norm comes after the pooling. Default false. */
  readonly normAfterPool?: boolean;
}

/** A text transformer of open_clip's, and what it does otherwise than CLIP's where it says so. */
export interface ClipTextConfig extends TransformerConfig, Partial<TowerVariants> {
  /** The most tokens of a text. */
  readonly context: number;
  /** Entries of the token embedding. */
  readonly vocabulary: number;
  /**
   * Whether a token sees only those before it. Default true. Where it sees all, padding is seen too, and
   * texts come at full length from their tokenizer.
   */
  readonly causal?: boolean;
  /**
   * Whose output is taken: the end token's, where the tokenizer says it is (the default), or that of the
   * highest id, where padding follows it.
   */
  readonly pool?: "end" | "highest";
  /** Whether a token of its own stands after the text, whose output is taken (CoCa). Default false. */
  readonly classToken?: boolean;
  /** Whether the projection has a bias; `"none"` where there is no projection. Default false. */
  readonly projectionBias?: boolean | "none";
}

/** What a tower has of its own. */
export interface TowerVariants {
  /** Default: that of the model. */
  readonly activation: Activation;
  /** Default: that of the model. */
  readonly epsilon: number;
  /** Whether what blocks add is multiplied with learned factors. Default false. */
  readonly scaled: boolean;
}

/** What the image tower alone is made of. */
export type ImageTowerConfig = Pick<ClipConfig, "dim" | "activation" | "epsilon" | "image">;
/** What the text tower alone is made of. */
export type TextTowerConfig = Pick<ClipConfig, "dim" | "activation" | "epsilon" | "text">;

/** The names of architectures with CLIP's own towers. */
export type PlainArchitecture = Exclude<ArchitectureName, FamilyArchitecture>;

/**
 * The architectures of the published methods: Radford et al. 2021, table 20.
 *
 * @example
 * ```ts
 * import { architecture } from "./config.ts";
 *
 * console.assert(architecture("ViT-B-32-quickgelu").image.patch === 32);
 * ```
 */
export function architecture(name: PlainArchitecture): ClipConfig {
  const [size, suffix] = name.split("-quickgelu");
  return {
    ...SIZES[size!]!,
    activation: suffix === undefined ? "gelu" : "quick_gelu",
    epsilon: 1e-5,
  };
}

const text = (width: number, layers: number): ClipTextConfig => ({
  context: 77,
  vocabulary: 49408,
  width,
  layers,
  heads: width / 64,
  hidden: 4 * width,
});

const base = (patch: number) => ({
  dim: 512,
  image: { size: 224, patch, width: 768, layers: 12, heads: 12, hidden: 3072 },
  text: text(512, 12),
});

/** Of the last three: open_clip's configurations, whose weights are LAION's. */
const SIZES: Readonly<Record<string, Pick<ClipConfig, "dim" | "image" | "text">>> = {
  "ViT-B-32": base(32),
  "ViT-B-16": base(16),
  "ViT-L-14": {
    dim: 768,
    image: { size: 224, patch: 14, width: 1024, layers: 24, heads: 16, hidden: 4096 },
    text: text(768, 12),
  },
  "ViT-H-14": {
    dim: 1024,
    image: { size: 224, patch: 14, width: 1280, layers: 32, heads: 16, hidden: 5120 },
    text: text(1024, 24),
  },
  "ViT-g-14": {
    dim: 1024,
    image: { size: 224, patch: 14, width: 1408, layers: 40, heads: 16, hidden: 6144 },
    text: text(1024, 24),
  },
  "ViT-bigG-14": {
    dim: 1280,
    image: { size: 224, patch: 14, width: 1664, layers: 48, heads: 16, hidden: 8192 },
    text: text(1280, 32),
  },
};
