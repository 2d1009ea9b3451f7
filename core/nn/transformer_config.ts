/** A transformer's size. */
export interface TransformerConfig {
  /** Length of the vector that stands for each token. */
  readonly width: number;
  /** How many blocks there are. */
  readonly layers: number;
  /** Attention heads of each block; they share the width evenly. */
  readonly heads: number;
  /** Width of the hidden layer of each block's perceptron. */
  readonly hidden: number;
}

/** QuickGELU (`x·σ(1.702x)`, OpenAI's weights and their fine-tunes) or exact GELU. */
export type Activation = "quick_gelu" | "gelu";
