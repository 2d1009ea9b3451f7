/**
 * Optimisers and learning-rate schedules.
 *
 * @module
 */
import type { Component } from "./component.ts";
import type { ParameterSpec } from "./model.ts";
import type { Tensor } from "./graph/tensor.ts";

/** What the update of one piece of a parameter is built from; all tensors have one shape. */
export interface UpdateInputs {
  /** The values before the update, float32. */
  readonly parameter: Tensor;
  /** The loss's gradient at them. */
  readonly gradient: Tensor;
  /** The optimiser's own tensors for this parameter, by the names in {@linkcode Optimizer.slots}. */
  readonly slots: Readonly<Record<string, Tensor>>;
  /** The step's numbers, by the names that {@linkcode Optimizer.scalars} gives; each a scalar. */
  readonly scalars: Readonly<Record<string, Tensor>>;
}

/** An update rule, elementwise in parameter, gradient and slots. */
export interface Optimizer extends Component {
  /** The peak learning rate, which a schedule scales. */
  readonly lr: number;
  /** Names of the tensors kept for each parameter, zero at the start. */
  readonly slots: readonly string[];
  /**
   * The numbers of one step for one parameter.
   *
   * @param lr The learning rate of this step.
   * @param step 1 for the first update.
   */
  scalars(lr: number, step: number, parameter: ParameterSpec): Readonly<Record<string, number>>;
  /** Builds the graph of the update. */
  update(inputs: UpdateInputs): {
    readonly parameter: Tensor;
    readonly slots: Readonly<Record<string, Tensor>>;
  };
}

/** A learning rate over the steps of a run, as a factor on the optimiser's peak. */
export interface Schedule extends Component {
  /**
   * The factor on the peak learning rate at one step.
   *
   * @param step 0 for the first.
   * @param total How many steps the run has.
   */
  factor(step: number, total: number): number;
}
