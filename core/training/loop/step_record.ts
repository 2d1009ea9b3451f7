/** What a step has to tell. */
export interface StepRecord {
  /** 1 for the first. */
  readonly step: number;
  /** The epoch that the step's batch began in, 0-based. */
  readonly epoch: number;
  /** The name of the objective that the step was for. */
  readonly objective: string;
  /** The loss before the step's update. */
  readonly loss: number;
  /** The loss's named parts. */
  readonly terms: Readonly<Record<string, number>>;
  /** Rows whose picture, or a text of a group, another row of the batch has too. */
  readonly repeats: Readonly<Record<string, number>>;
  /** The norm of the gradient before it was clipped, where the recipe clips it. */
  readonly gradientNorm?: number;
  /** What the loss was multiplied by, where towers compute in float16. */
  readonly lossScale?: number;
  /** Whether the gradient overflowed float16, so that the step changed nothing. */
  readonly leftOut?: boolean;
  /** The learning rate of the update. */
  readonly lr: number;
  /** The whole step. */
  readonly seconds: number;
  /** Of those, spent waiting for the batch. */
  readonly waitSeconds: number;
}
