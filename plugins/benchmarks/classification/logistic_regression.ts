import { countRows } from "../../../core/scoring/rows.ts";
import { minimize } from "./lbfgs.ts";

/** What {@linkcode fitLogisticRegression} is told. */
export interface LogisticRegressionOptions {
  /** Values of a row of features. */
  readonly dim: number;
  /** How many classes there are. */
  readonly classes: number;
  /** The weight of the data against that of small weights, as scikit-learn's `C`. */
  readonly c: number;
  /** Steps of L-BFGS at most. */
  readonly maxIterations: number;
}

/** A linear classifier. */
export interface LinearClassifier {
  /** `[classes, dim]` */
  readonly weights: Float64Array;
  /** `[classes]` */
  readonly biases: Float64Array;
  /** Whether the solver came to the minimum before its steps were used up. */
  readonly converged: boolean;
}

/** The largest gradient of the mean loss at which the solver stops. */
const TOLERANCE = 1e-6;

/**
 * Fits multinomial logistic regression with an intercept: minimises
 * `Σ −log softmax(W·x + b)[label] + |W|² / (2·C)`, scikit-learn's objective divided by `C`, whose
 * minimum is one classifier whatever the solver.
 *
 * @param features `[rows, dim]`
 * @param labels The class of each row.
 * @throws {TypeError} if there are not as many labels as rows.
 */
export function fitLogisticRegression(
  features: Float32Array,
  labels: ArrayLike<number>,
  { dim, classes, c, maxIterations }: LogisticRegressionOptions,
): LinearClassifier {
  const rows = countRows("features", features, dim, labels.length);
  const size = classes * dim;
  const logits = new Float64Array(classes);
  const { x, converged } = minimize(
    (x, gradient) => {
      gradient.fill(0);
      let loss = 0;
      for (let row = 0; row < rows; row++) {
        linear(x, features, row, dim, logits);
        loss += toErrors(logits, labels[row]!);
        for (let k = 0; k < classes; k++) {
          const error = logits[k]! / rows;
          gradient[size + k]! += error;
          for (let i = 0, at = k * dim, from = row * dim; i < dim; i++) {
            gradient[at + i]! += error * features[from + i]!;
          }
        }
      }
      let squares = 0;
      for (let i = 0; i < size; i++) {
        squares += x[i]! ** 2;
        gradient[i]! += x[i]! / (c * rows);
      }
      return loss / rows + squares / (2 * c * rows);
    },
    new Float64Array(size + classes),
    { maxIterations, tolerance: TOLERANCE },
  );
  return { weights: x.slice(0, size), biases: x.slice(size), converged };
}

/** `W·x + b` of each row of features, `[rows, classes]`. */
export function applyClassifier(
  { weights, biases }: LinearClassifier,
  features: Float32Array,
  dim: number,
): Float64Array {
  const rows = countRows("features", features, dim);
  const classes = biases.length;
  const result = new Float64Array(rows * classes);
  const parameters = new Float64Array([...weights, ...biases]);
  for (let row = 0; row < rows; row++) {
    linear(parameters, features, row, dim, result.subarray(row * classes, (row + 1) * classes));
  }
  return result;
}

/** Writes one row's logits; the parameters are the weights, then the biases. */
function linear(
  parameters: Float64Array,
  features: Float32Array,
  row: number,
  dim: number,
  logits: Float64Array,
): void {
  const classes = logits.length;
  for (let k = 0; k < classes; k++) {
    let sum = parameters[classes * dim + k]!;
    for (let i = 0, at = k * dim, from = row * dim; i < dim; i++) {
      sum += parameters[at + i]! * features[from + i]!;
    }
    logits[k] = sum;
  }
}

/** Turns logits into the gradient of the loss at them, `softmax − one-hot`, and gives the loss. */
function toErrors(logits: Float64Array, label: number): number {
  let largest = -Infinity;
  for (const logit of logits) largest = Math.max(largest, logit);
  const own = logits[label]! - largest;
  let sum = 0;
  for (let k = 0; k < logits.length; k++) {
    logits[k] = Math.exp(logits[k]! - largest);
    sum += logits[k]!;
  }
  for (let k = 0; k < logits.length; k++) logits[k]! /= sum;
  logits[label]! -= 1;
  return Math.log(sum) - own;
}
