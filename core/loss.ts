/**
 * Losses: functions of embeddings, written as graphs.
 *
 * @module
 */
import type { Component } from "./component.ts";
import type { Tensor } from "./graph/tensor.ts";
import type { PrepareContext } from "./prepare_context.ts";
import type { Random } from "./random.ts";

/** What a loss can ask for beyond embeddings; only what is asked for is computed. */
export interface LossExtras<Group extends string> {
  /** `[batch, patches, dim]` of the rows' own pictures: see `TowerOutputs`. */
  readonly patches: Tensor;
  /**
   * The tokens of the texts of each group: `embeddings` is `[batch, count, tokens, dim]`, not of unit
   * length (see `TowerOutputs`), `present` `[batch, count, tokens]` float32, 1 from the start to the
   * end token of each text, else 0.
   */
  readonly tokens: Readonly<
    Record<Group, { readonly embeddings: Tensor; readonly present: Tensor }>
  >;
  /** `[batch, count, width]` for each text group: what the projection makes embeddings of. */
  readonly pooled: Readonly<Record<Group, Tensor>>;
  /**
   * The texts of the groups in {@linkcode Loss.reads}: ids `[batch, count, tokens]` int64, −1 behind
   * the end of a text, and in all places of one that is not there.
   */
  readonly read: Readonly<Partial<Record<Group, Tensor>>>;
  /**
   * `[batch]` int64: for each row the example of the run's data that it was made of, from 0, as
   * {@linkcode ComposeContext.data} counts. The same example has the same number in every epoch, in
   * every process and in a run that is resumed, so that a loss can keep something for each (`gather`
   * by it from a parameter or state with a row an example). Rows of one example share its number.
   */
  readonly example: Tensor;
  /** A scalar that the model adds to scaled similarities. */
  readonly logitBias: Tensor;
  /**
   * The same batch by the recipe's teacher, a model that training does not change, of which `dim` may
   * be another. No gradient flows into it.
   */
  readonly frozen: Pick<LossContext<Group>, "image" | "text">;
  /**
   * The same batch by the running average of the weights that are trained, as it stands before the
   * step. No gradient flows into it.
   */
  readonly averaged: Pick<LossContext<Group>, "image" | "text">;
}

/** The name of something that a loss can ask for beyond embeddings. */
export type LossExtra = keyof LossExtras<string>;

/** The embeddings of a batch, every row of unit length, and what else a loss is computed from. */
export interface LossContext<
  Group extends string,
  Picture extends string = never,
  Extra extends LossExtra = never,
> {
  /** `[batch, dim]`, of the rows' own pictures. */
  readonly image: Tensor;
  /**
   * Of each further group of pictures that the loss needs: `embeddings` is `[batch, count, dim]`,
   * `present` `[batch, count]` float32, 1 where the row has such a picture, else 0.
   */
  readonly images: Readonly<
    Record<Picture, { readonly embeddings: Tensor; readonly present: Tensor }>
  >;
  /** `[batch, count, dim]` for each text group. */
  readonly text: Readonly<Record<Group, Tensor>>;
  /** `[batch, count]` float32 for each text group: 1 where the example has such a text, else 0. */
  readonly present: Readonly<Record<Group, Tensor>>;
  /**
   * Numbers that are equal where rows of the batch or their texts are the same, and only there; they
   * mean nothing beyond the batch. `equal` makes masks of them. `picture`, `[batch]` float32, is of the
   * pictures that a row shows; `text`, `[batch, count]` float32 for each text group, of each text, as
   * the tokenizer reads it. Numbers of different groups compare; a text that is not there differs from
   * all others.
   */
  readonly identity: {
    readonly picture: Tensor;
    readonly text: Readonly<Record<Group, Tensor>>;
  };
  /** What the loss asks for in {@linkcode Loss.extras}. */
  readonly extra: Readonly<Pick<LossExtras<Group>, Extra>>;
  /** The logit scale itself (not its logarithm), a scalar. */
  readonly logitScale: Tensor;
  /** Steps done before this one, a scalar float32. */
  readonly step: Tensor;
  /** The epoch that the batch began in, 0-based, a scalar float32. */
  readonly epoch: Tensor;
  /** The loss's own parameters, by the names of {@linkcode Loss.parameters}. */
  readonly parameters: Readonly<Record<string, Tensor>>;
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

/** A parameter that a loss owns, float32. It stands in checkpoints, and beside the trained model. */
export interface LossParameter {
  /** `"dim"` stands for the length of an embedding, `"width"` for that of a pooled text. */
  readonly shape: readonly (number | "dim" | "width")[];
  /** The values at the start, from the run's seed. */
  initial(shape: readonly number[], random: Random): Float32Array;
  /** Whether it is trained with the model. Default true. */
  readonly trained?: boolean;
}

/**
 * A loss on a batch's embeddings. `Group` names the text groups that it needs, `Picture` the groups
 * of pictures beyond the rows' own, `Extra` what it asks for beside them: these and no others, so that
 * no loss passes for one of which it is not known what it needs (`Loss<string>`).
 */
export interface Loss<
  in out Group extends string,
  in out Picture extends string = never,
  in out Extra extends LossExtra = never,
> extends Component {
  /** The text groups that it reads. */
  readonly needs: readonly Group[];
  /** The groups of pictures that it reads beyond the rows' own. Default: none. */
  readonly pictures?: readonly Picture[];
  /** What it asks for beyond embeddings. Default: nothing. */
  readonly extras?: readonly Extra[];
  /**
   * Text groups that it reads by itself, by a tokenizer of its own: no tower embeds them, and they
   * stand in none of {@linkcode Loss.needs}. It asks for them by the extra `"read"`. `encode` gives the
   * ids of a text, from 0 to below 2²⁴, its end among them; `length` is the most ids of a text, and what
   * is longer is cut. Default: none.
   */
  readonly reads?: Readonly<
    Partial<Record<Group, { readonly length: number; encode(text: string): readonly number[] }>>
  >;
  /** State that is carried from step to step; a loss never changes it in place. */
  readonly state?: Readonly<Record<string, LossState>>;
  /** Parameters of its own. Default: none. */
  readonly parameters?: Readonly<Record<string, LossParameter>>;
  /**
   * What is embedded in the place of a text that is not there, for a loss that looks at it all the
   * same. Where it is not said, the empty text.
   */
  readonly absent?: Readonly<Partial<Record<Group, string>>>;
  /**
   * The loss made ready: files that it needs are read here, once for a run, resumed runs included.
   * Without it a loss is ready as it is. Parameters that only a prepared loss has are not trained:
   * they stand in no checkpoint, and not beside the model.
   */
  prepare?(
    context: Pick<PrepareContext, "assets" | "rehearsal" | "log">,
  ): Promise<Loss<Group, Picture, Extra>>;
  /** Builds the graph of the loss. */
  compute(context: LossContext<Group, Picture, Extra>): LossResult;
}

/** How a loss reads texts by itself. */
export type TextReader = NonNullable<NonNullable<AnyLoss["reads"]>[string]>;

/** A loss of which it is known elsewhere what it needs. */
export type AnyLoss = Loss<string, string, LossExtra>;
