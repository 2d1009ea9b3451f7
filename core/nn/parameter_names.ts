/**
 * Under which names a transformer's parameters are kept in its source file.
 *
 * @module
 */

/** A weight with its bias. */
export interface LinearNames {
  /** The matrix of a linear layer, or the gain of a normalisation. */
  readonly weight: string;
  /** What is added. */
  readonly bias: string;
}

/** The parameters of one transformer block. */
export interface BlockNames {
  /** The normalisation before attention. */
  readonly norm1: LinearNames;
  /** Query, key and value: one matrix of three parts, or three matrices. */
  readonly attention: LinearNames | readonly [LinearNames, LinearNames, LinearNames];
  /** The layer that joins the heads. */
  readonly out: LinearNames;
  /** The normalisation before the perceptron. */
  readonly norm2: LinearNames;
  /** The perceptron's first layer. */
  readonly up: LinearNames;
  /** The perceptron's second layer. */
  readonly down: LinearNames;
}

/** A projection matrix, stored `[width, dim]`, or transposed as a linear layer keeps it. */
export interface ProjectionName {
  /** The tensor's name. */
  readonly name: string;
  /** Its axes: from the tower's width to the embedding's length, or transposed. */
  readonly layout: "width-dim" | "dim-width";
}
