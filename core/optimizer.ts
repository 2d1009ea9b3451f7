/**
 * Optimisers and learning-rate schedules.
 *
 * @module
 */
import type { Component } from "./component.ts";
import type { ParameterSpec } from "./model.ts";
import type { Tensor } from "./graph/tensor.ts";

/** Parameters that share the numbers of every step. */
export interface ParameterGroup {
  /** Which of the optimiser's groups it is. */
  readonly name: string;
  /** At least one. */
  readonly parameters: readonly ParameterSpec[];
  /**
   * The numbers of one step.
   *
   * @param lr The learning rate of this step: the optimiser's own, scaled by the schedule.
   * @param step 1 for the first update.
   */
  scalars(lr: number, step: number): Readonly<Record<string, number>>;
}

/** An update rule, elementwise in parameter, gradient and slots. */
export interface Optimizer extends Component {
  /** The peak learning rate, which a schedule scales. */
  readonly lr: number;
  /** Names of the tensors kept for each parameter, zero at the start. */
  readonly slots: readonly string[];
  /**
   * The parameters that are trained, each in one group.
   *
   * @throws {RangeError} if a group of the optimiser's options has none of them.
   */
  groups(parameters: readonly ParameterSpec[]): readonly ParameterGroup[];
  /**
   * Builds the graph of the update of one piece of a parameter.
   *
   * @param inputs What it is built from; all tensors have one shape.
   * @param inputs.parameter The values before the update, float32.
   * @param inputs.gradient The loss's gradient at them.
   * @param inputs.slots The optimiser's own tensors for this parameter, by the names in
   *   {@linkcode Optimizer.slots}.
   * @param inputs.scalars The step's numbers, by the names that the {@linkcode ParameterGroup} gives;
   *   each a scalar.
   */
  update(inputs: {
    readonly parameter: Tensor;
    readonly gradient: Tensor;
    readonly slots: Readonly<Record<string, Tensor>>;
    readonly scalars: Readonly<Record<string, Tensor>>;
  }): {
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
