/** What the blocks of a transformer are. */
export interface BlockConfig {
  /** Length of the vector that stands for each token. */
  readonly width: number;
  /** How many blocks there are. */
  readonly layers: number;
  /** Attention heads of each block; they share the width evenly. */
  readonly heads: number;
  /** Width of the hidden layer of each block's perceptron. */
  readonly hidden: number;
  /**
   * Of the perceptrons: QuickGELU (`x·σ(1.702x)`, OpenAI's weights and their fine-tunes), exact GELU,
   * GELU by the hyperbolic tangent, or SiLU (`x·σ(x)`).
   */
  readonly activation: "quick_gelu" | "gelu" | "gelu_tanh" | "silu";
  /** Added to the variance in every layer normalisation. */
  readonly epsilon: number;
  /**
   * Where the norms stand: before attention and perceptron (`"before"`, the default, as in CLIP), on
   * what each adds (`"added"`, EVA's largest), or on the sums (`"sum"`, BERT).
   */
  readonly norms?: "before" | "added" | "sum";
}

/** A transformer's size. */
export type TransformerConfig = Pick<BlockConfig, "width" | "layers" | "heads" | "hidden">;

/** What the perceptrons of the blocks apply. */
export type Activation = BlockConfig["activation"];
