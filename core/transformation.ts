/**
 * Transformations: what is done to the weights once training has ended.
 *
 * @module
 */
import type { Component } from "./component.ts";
import type { DualEncoder, HostTensor } from "./model.ts";

/** Values of all parameters of a model, by their names in its source file. */
export type Weights = ReadonlyMap<string, HostTensor>;

/** What a transformation works on. */
export interface TransformationContext {
  /** The model's values before training. Not to be changed. */
  readonly before: Weights;
  /** The values after training and all transformations before this one. Not to be changed. */
  readonly after: Weights;
  /** The running average of the weights that training has left, where the recipe keeps one. */
  readonly averaged?: Weights;
  /** What losses have of their own after training, by `<objective>.<name>`. Default: nothing. */
  readonly owned?: Weights;
  /** Tells which parameters there are and which of them is the logit scale. */
  readonly model: DualEncoder;
  /** Tells the person who runs the recipe something, one line at a time. */
  readonly log: (line: string) => void;
}

/**
 * A step of a recipe between training and the model that is kept, such as the interpolation of
 * weights. Equal weights must give equal results: a run that is resumed transforms again.
 */
export interface Transformation extends Component {
  /**
   * Names the weights that it gives, in tables and files: `"patch-0.6"`. Letters, digits and
   * `. + @ = - _`.
   */
  readonly stage: string;
  /** Whether it takes the running average, which the recipe must then keep. Default false. */
  readonly needsAverage?: boolean;
  /**
   * The new values.
   *
   * @returns a value of the same shape for every parameter of the model.
   */
  apply(context: TransformationContext): Promise<Weights>;
}
