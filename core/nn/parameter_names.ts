/**
 * Under which names a transformer's parameters are kept in its source file.
 *
 * @module
 */

/** A weight with its bias. */
export interface LinearNames {
  /** The matrix of a linear layer, or the gain of a normalisation. */
  readonly weight: string;
  /** What is added. Left out where nothing is. */
  readonly bias?: string;
}

/** One matrix of three parts for query, key and value. */
export interface JointNames extends LinearNames {
  /** What is added to queries and to values, where each has a bias of its own and keys have none. */
  readonly biases?: readonly [query: string, value: string];
}

/** The parameters of one transformer block. */
export interface BlockNames {
  /** The normalisation before attention. */
  readonly norm1: LinearNames;
  /** Query, key and value: one matrix of three parts, or three matrices. */
  readonly attention:
    | LinearNames & {
      /** Biases of queries and of values, where each has its own and keys have none. */
      readonly biases?: readonly [query: string, value: string];
    }
    | readonly [LinearNames, LinearNames, LinearNames];
  /** A normalisation of the heads' outputs before they are joined. Default: none. */
  readonly attentionNorm?: LinearNames;
  /** The layer that joins the heads. */
  readonly out: LinearNames;
  /** The normalisation before the perceptron. */
  readonly norm2: LinearNames;
  /** Learned factors of what attention adds, one for each channel. Default: none. */
  readonly attentionScale?: string;
  /** The perceptron's first layer. */
  readonly up: LinearNames;
  /** A second first layer, whose activated output the first one's is multiplied with (SwiGLU). */
  readonly gate?: LinearNames;
  /** A normalisation of the perceptron's hidden layer. Default: none. */
  readonly hiddenNorm?: LinearNames;
  /** The perceptron's second layer. */
  readonly down: LinearNames;
  /** Learned factors of what the perceptron adds, one for each channel. Default: none. */
  readonly perceptronScale?: string;
}

/** A projection matrix, stored `[width, dim]`, or transposed as a linear layer keeps it. */
export interface ProjectionName {
  /** The tensor's name. */
  readonly name: string;
  /** Its axes: from the tower's width to the embedding's length, or transposed. */
  readonly layout: "width-dim" | "dim-width";
  /** What is added. Left out where nothing is. */
  readonly bias?: string;
}

/** The names of a layer whose tensors are called `weight` and `bias`. */
export function linearNames(prefix: string): Required<LinearNames> {
  return { weight: `${prefix}.weight`, bias: `${prefix}.bias` };
}
