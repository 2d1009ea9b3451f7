/**
 * Losses: functions of embeddings, written as graphs.
 *
 * @module
 */
import type { Component } from "./component.ts";
import type { Tensor } from "./graph/tensor.ts";

/**
 * Numbers that are equal where rows of the batch or their texts are the same, and only there; they
 * mean nothing beyond the batch. `equal` makes masks of them.
 */
export interface BatchIdentity<Group extends string> {
  /** `[batch]` float32: of the pictures that a row shows. */
  readonly picture: Tensor;
  /**
   * `[batch, count]` float32 for each text group: of each text, as the tokenizer reads it. Numbers
   * of different groups compare; a text that is not there differs from all others.
   */
  readonly text: Readonly<Record<Group, Tensor>>;
}

/** The embeddings of a batch, every row of unit length. */
export interface Embeddings<Group extends string> {
  /** `[batch, dim]`. */
  readonly image: Tensor;
  /** `[batch, count, dim]` for each text group. */
  readonly text: Readonly<Record<Group, Tensor>>;
  /** `[batch, count]` float32 for each text group: 1 where the example has such a text, else 0. */
  readonly present: Readonly<Record<Group, Tensor>>;
  /** Which rows and texts are the same. */
  readonly identity: BatchIdentity<Group>;
  /** The logit scale itself (not its logarithm), a scalar. */
  readonly logitScale: Tensor;
  /** The loss's own state, as it came out of the step before. */
  readonly state: Readonly<Record<string, Tensor>>;
}

/** What a loss computes. */
export interface LossResult {
  /** The scalar that is differentiated. */
  readonly total: Tensor;
  /** Named scalars that are logged beside it. */
  readonly terms: Readonly<Record<string, Tensor>>;
  /** The state for the next step, under the names of {@linkcode Loss.state}. */
  readonly state?: Readonly<Record<string, Tensor>>;
}

/** Small tensors that a loss carries from step to step. */
export interface LossState {
  /**
   * All elements are float32. A text group's name stands for as many as a row has texts in it, which
   * the composer says.
   */
  readonly shape: readonly (number | string)[];
  /** Every element's value at the start. */
  readonly initial: number;
  /** When it goes back to the initial value. */
  readonly reset: "never" | "epoch";
}

/**
 * A loss on a batch's embeddings. `Group` names the text groups that it needs: these and no others,
 * so that no loss passes for one of which it is not known what it needs (`Loss<string>`).
 */
export interface Loss<in out Group extends string> extends Component {
  /** The text groups that it reads. */
  readonly needs: readonly Group[];
  /** State that is carried from step to step; a loss never changes it in place. */
  readonly state?: Readonly<Record<string, LossState>>;
  /**
   * What is embedded in the place of a text that is not there, for a loss that looks at it all the
   * same. Where it is not said, the empty text.
   */
  readonly absent?: Readonly<Partial<Record<Group, string>>>;
  /** Builds the graph of the loss. */
  compute(embeddings: Embeddings<Group>): LossResult;
}
