import type { BlockConfig } from "../../../core/nn/transformer_config.ts";

/** A transformer of BERT's kind, as transformers has it. */
export interface BertConfig extends BlockConfig {
  /** Which of them it is. */
  readonly family: "BERT" | "RoBERTa" | "XLM-RoBERTa";
  readonly norms: "sum";
  /** Entries of the token embedding. */
  readonly vocabulary: number;
  /** Rows of the table of positions. */
  readonly places: number;
  /** Rows of the table of token types, of which the first is added everywhere. */
  readonly types: number;
  /** The id that stands for no token: none is seen where it stands. */
  readonly padding: number;
  /**
   * The place of a text's first token. From 0 places are counted as they come (BERT); RoBERTa begins
   * behind the row of padding, and counts only what is none.
   */
  readonly first: number;
}

/** Such a transformer as the text tower of a dual encoder, as open_clip's `HFTextEncoder` uses it. */
export interface BertTextConfig extends BertConfig {
  /** Length of an embedding. */
  readonly dim: number;
  /** The most tokens of a text. */
  readonly context: number;
  /**
   * What the embedding is made of: the mean of all tokens that are no padding, the first token, or the
   * first token behind BERT's own pooling layer.
   */
  readonly pool: "mean" | "first" | "layer";
  /** From there to the embedding: nothing, a matrix, or two with GELU between them. */
  readonly projection: "none" | "linear" | "perceptron";
}
