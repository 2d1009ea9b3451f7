import type { Activation } from "../../../core/nn/transformer_config.ts";
import type { VitConfig } from "./vit_config.ts";

/** A vision transformer of timm's. */
export interface TimmConfig extends VitConfig {
  /** Whose it is, for messages. */
  readonly family: string;
  /** How open_clip has it pool: what `timm_pool` has to be. */
  readonly timmPool: "token" | "map" | "";
  /** Whether tokens are normalised before the first block; patches have no bias then. */
  readonly preNorm: boolean;
  /**
   * Query, key and value: one layer, one without bias, one with biases for queries and values apart
   * (EVA), or three layers of which the keys' has no bias (EVA-02).
   */
  readonly attention: "joint" | "unbiased" | "biased" | "separate";
  /** Whether perceptrons are gated (SwiGLU). */
  readonly gated: boolean;
  /** Whether attention and perceptron normalise inside. */
  readonly innerNorms: boolean;
  /** Whether what blocks add is multiplied with learned factors. */
  readonly scaled: boolean;
  /** Where the projection stands: timm's own head, open_clip's behind it, or nowhere. */
  readonly head: "trunk" | "behind" | "none";
}

const common = {
  classToken: "placed",
  preNorm: false,
  attention: "joint",
  gated: false,
  innerNorms: false,
  scaled: false,
  activation: "gelu",
  epsilon: 1e-6,
} as const;

/** Sizes by timm's words for them. */
const SIZES = {
  base: { width: 768, layers: 12, heads: 12, hidden: 3072 },
  large: { width: 1024, layers: 24, heads: 16, hidden: 4096 },
  so400m: { width: 1152, layers: 27, heads: 16, hidden: 4304 },
  giantopt: { width: 1536, layers: 40, heads: 16, hidden: 6144 },
} as const;

const EVA = { family: "EVA", timmPool: "token", pool: "class", head: "trunk" } as const;
const EVA02 = {
  ...common,
  ...EVA,
  family: "EVA-02",
  activation: "silu",
  attention: "separate",
  gated: true,
  innerNorms: true,
  rotary: { reference: 16 },
} as const;
const PE_CORE = {
  ...common,
  family: "Perception Encoder",
  timmPool: "map",
  head: "trunk",
  preNorm: true,
  epsilon: 1e-5,
} as const;

/** timm's models that open_clip's configurations name, but for SigLIP's. */
const KNOWN: Readonly<Record<string, TimmConfig>> = {
  vit_large_patch14_clip_224: {
    ...{ ...common, ...SIZES.large, family: "CLIP", size: 224, patch: 14, epsilon: 1e-5 },
    ...{ timmPool: "token", pool: "class", head: "trunk", preNorm: true },
  },
  vit_base_mci_224: {
    ...{ ...common, ...SIZES.base, family: "MobileCLIP-B", size: 224, patch: 16 },
    ...{ timmPool: "token", pool: "class", head: "trunk" },
    ...{ classToken: "unplaced", stem: "convolutions" },
  },
  vit_medium_patch16_gap_256: {
    ...{ ...common, family: "ViT", size: 256, patch: 16, classToken: "none", pool: "mean" },
    ...{ width: 512, layers: 12, heads: 8, hidden: 2048, attention: "unbiased", scaled: true },
    ...{ timmPool: "", head: "behind" },
  },
  eva_giant_patch14_224: {
    ...{ ...common, ...EVA, attention: "biased", size: 224, patch: 14 },
    ...{ width: 1408, layers: 40, heads: 16, hidden: 6144 },
  },
  eva02_base_patch16_clip_224: {
    ...{ ...EVA02, size: 224, patch: 16, width: 768, layers: 12, heads: 12, hidden: 2048 },
  },
  eva02_large_patch14_clip_224: {
    ...{ ...EVA02, size: 224, patch: 14, width: 1024, layers: 24, heads: 16, hidden: 2730 },
  },
  eva02_large_patch14_clip_336: {
    ...{ ...EVA02, size: 336, patch: 14, width: 1024, layers: 24, heads: 16, hidden: 2730 },
  },
  eva02_enormous_patch14_clip_224: {
    ...{ ...common, ...EVA, family: "EVA-02", attention: "biased", size: 224, patch: 14 },
    ...{ width: 1792, layers: 64, heads: 16, hidden: 15360, norms: "added" },
  },
  vit_pe_core_tiny_patch16_384: perceptionEncoder(384, 16, 192, 12, 3),
  vit_pe_core_small_patch16_384: perceptionEncoder(384, 16, 384, 12, 6),
  vit_pe_core_base_patch16_224: perceptionEncoder(224, 16, 768, 12, 12),
  vit_pe_core_large_patch14_336: perceptionEncoder(336, 14, 1024, 24, 16),
  vit_pe_core_gigantic_patch14_448: {
    ...perceptionEncoder(448, 14, 1536, 50, 16),
    ...{ hidden: 8960, classToken: "none", rotary: { first: "columns" } },
  },
};

function perceptionEncoder(
  size: number,
  patch: number,
  width: number,
  layers: number,
  heads: number,
): TimmConfig {
  return {
    ...PE_CORE,
    ...{ size, patch, width, layers, heads, hidden: 4 * width },
    rotary: { offset: 1, first: "columns" },
    pool: { heads: 8, hidden: 4 * width },
  };
}

/**
 * The vision transformer that timm knows by a name.
 *
 * @returns undefined if it is none that is computed here.
 */
export function timmConfig(name: string): TimmConfig | undefined {
  return Object.hasOwn(KNOWN, name) ? KNOWN[name] : siglip(name);
}

/**
 * SigLIP's image towers in timm, by size and patch: the sides of pictures that they are made for. What
 * came with SigLIP 2 has GELU by the hyperbolic tangent; what had been there kept exact GELU, for both.
 */
const SIGLIP: Readonly<Record<string, Readonly<Partial<Record<Activation, readonly number[]>>>>> = {
  base_patch16: { gelu: [224, 256, 384, 512] },
  base_patch32: { gelu_tanh: [256] },
  large_patch16: { gelu: [256, 384], gelu_tanh: [512] },
  so400m_patch14: { gelu: [224, 378, 384] },
  so400m_patch16: { gelu_tanh: [256, 384, 512] },
  giantopt_patch16: { gelu_tanh: [256, 384] },
};

function siglip(name: string): TimmConfig | undefined {
  const match = /^vit_((base|large|so400m|giantopt)_patch(14|16|32))_siglip_(\d+)$/.exec(name);
  if (match === null) return undefined;
  const [, kind, word, patch, side] = match;
  const activation = (["gelu", "gelu_tanh"] as const)
    .find((each) => SIGLIP[kind!]?.[each]?.includes(Number(side)));
  if (activation === undefined) return undefined;
  const size = SIZES[word as keyof typeof SIZES];
  return {
    ...{
      ...common,
      ...size,
      family: "SigLIP",
      activation,
      size: Number(side),
      patch: Number(patch),
    },
    ...{ classToken: "none", timmPool: "map", head: "none" },
    pool: { heads: size.heads, hidden: size.hidden },
  };
}
