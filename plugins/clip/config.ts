/**
 * The shape of a CLIP model.
 *
 * @module
 */
import type { Activation, TransformerConfig } from "../../core/nn/transformer_config.ts";

/** The architecture of a ViT CLIP. */
export interface ClipConfig {
  /** Length of an embedding. */
  readonly dim: number;
  /** Of every perceptron. */
  readonly activation: Activation;
  /** Added to the variance in every layer normalisation. */
  readonly epsilon: number;
  /** The vision transformer. */
  readonly image: TransformerConfig & {
    /** Side of the input in pixels. */
    readonly size: number;
    /** Side of a patch in pixels. */
    readonly patch: number;
  };
  /** The text transformer. */
  readonly text: TransformerConfig & {
    /** The most tokens of a text. */
    readonly context: number;
    /** Entries of the token embedding. */
    readonly vocabulary: number;
  };
}

/** The names under which open_clip knows the architectures (its `-quickgelu` ones are OpenAI's). */
export type ArchitectureName =
  | "ViT-B-32-quickgelu"
  | "ViT-B-16-quickgelu"
  | "ViT-L-14-quickgelu"
  | "ViT-B-32"
  | "ViT-B-16"
  | "ViT-L-14";

/**
 * The architectures of the published methods: Radford et al. 2021, table 20.
 *
 * @example
 * ```ts
 * import { architecture } from "@syntagma/syntagma/clip";
 *
 * console.assert(architecture("ViT-B-32-quickgelu").image.patch === 32);
 * ```
 */
export function architecture(name: ArchitectureName): ClipConfig {
  const activation = name.endsWith("-quickgelu") ? "quick_gelu" : "gelu";
  const large = name.startsWith("ViT-L");
  const patch = large ? 14 : name.startsWith("ViT-B-32") ? 32 : 16;
  return {
    dim: large ? 768 : 512,
    activation,
    epsilon: 1e-5,
    image: large
      ? { size: 224, patch, width: 1024, layers: 24, heads: 16, hidden: 4096 }
      : { size: 224, patch, width: 768, layers: 12, heads: 12, hidden: 3072 },
    text: large
      ? { context: 77, vocabulary: 49408, width: 768, layers: 12, heads: 12, hidden: 3072 }
      : { context: 77, vocabulary: 49408, width: 512, layers: 12, heads: 8, hidden: 2048 },
  };
}
