import { square, sub } from "../../core/graph/elementwise.ts";
import { sum } from "../../core/graph/linear.ts";
import { showShape } from "../../core/graph/node.ts";
import { mean } from "../../core/graph/reduce.ts";
import { slice } from "../../core/graph/shape.ts";
import type { Tensor } from "../../core/graph/tensor.ts";

/** Mean squared distance of the first two positives: they say the same in another order. */
export function uniModalTerm(positive: Tensor): Tensor {
  const first = slice(positive, { axis: 1, start: 0, end: 1 });
  const second = slice(positive, { axis: 1, start: 1, end: 2 });
  return mean(sum(square(sub(first, second)), [1, 2]));
}

/**
 * Holds that there are at least two positives a row.
 *
 * @param loss Named in the error.
 * @throws {TypeError} if there are fewer.
 */
export function checkPositives(loss: string, positive: Tensor): void {
  if ((positive.shape[1] ?? 0) < 2) {
    throw new TypeError(
      `${loss}: expected at least 2 positives a row, found ${showShape(positive.shape)}`,
    );
  }
}
