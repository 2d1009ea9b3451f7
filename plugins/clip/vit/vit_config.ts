/**
 * Vision transformers as timm and transformers' SigLIP build them.
 *
 * @module
 */
import type {
  BlockNames,
  JointNames,
  LinearNames,
  ProjectionName,
} from "../../../core/nn/parameter_names.ts";
import type { GridRotaryOptions } from "../../../core/nn/rotary.ts";
import type { BlockConfig } from "../../../core/nn/transformer_config.ts";

/** The architecture of such a tower. */
export interface VitConfig extends BlockConfig {
  /** Side of the input in pixels; what is beyond the last whole patch is not looked at. */
  readonly size: number;
  /** Side of a patch in pixels. */
  readonly patch: number;
  /** Whether a class token stands before the patches, and whether it has a place of its own. */
  readonly classToken: "placed" | "unplaced" | "none";
  /** Patches by one product each (the default), or by three convolutions with norms (MobileCLIP-B). */
  readonly stem?: "product" | "convolutions";
  /** Rotary positions beside the learned ones. Default: none. */
  readonly rotary?: Pick<GridRotaryOptions, "reference" | "offset" | "first">;
  /**
   * What the embedding is made of: the class token's output, the mean of the patches', or what a learned
   * query finds among all, with a perceptron of its own behind it.
   */
  readonly pool: "class" | "mean" | { readonly heads: number; readonly hidden: number };
}

/** Where the parameters of such a tower are found. */
export interface VitNames {
  /** The patches' product; of convolutions what all their names begin with. */
  readonly patch: LinearNames;
  readonly classToken: string;
  readonly position: string;
  /** Whether positions are kept with a first axis of 1. */
  readonly batched: boolean;
  readonly preNorm?: LinearNames;
  readonly block: (layer: number) => BlockNames;
  readonly finalNorm: LinearNames;
  readonly pooling: VitPoolingNames;
  /** The projection. Left out where there is none. */
  readonly projection?: ProjectionName;
}

/** The parameters of the pooling by a learned query. */
export interface VitPoolingNames {
  /** `[1, 1, width]`. */
  readonly query: string;
  /** Query, key and value: one matrix of three parts, or one for queries and one for the rest. */
  readonly attention: JointNames | readonly [query: LinearNames, rest: LinearNames];
  readonly out: LinearNames;
  readonly norm: LinearNames;
  readonly up: LinearNames;
  readonly down: LinearNames;
}
