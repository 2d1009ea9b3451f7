import { div, mul } from "../../core/graph/elementwise.ts";
import { cast } from "../../core/graph/cast.ts";
import { equal } from "../../core/graph/comparison.ts";
import { reshape, sum } from "../../core/graph/linear.ts";
import { indices, showShape } from "../../core/graph/node.ts";
import { mean } from "../../core/graph/reduce.ts";
import { slice } from "../../core/graph/shape.ts";
import type { Tensor } from "../../core/graph/tensor.ts";

/** What makes one row of a row for each token. */
export type Pooling = "first" | "last" | "mean";

/** Which tokens of texts are there, as the text tower knows them. */
export interface Present {
  /** `[batch, tokens]`, 1 where a token is there, in the type of the output. */
  readonly mask: Tensor;
  /** `[batch]` int64: the place of each text's last one. */
  readonly end: Tensor;
}

/**
 * An output as a row for each picture or text.
 *
 * @param present Default: all are there.
 * @throws {RangeError} if the output has tokens and nobody said how they are pooled, or the other way
 *   round.
 */
export function pooled(
  address: string,
  output: Tensor,
  pooling: Pooling | undefined,
  present?: Present,
): Tensor {
  const { shape } = output;
  const isRow = shape.length === 2 || shape.length === 4 && shape[2] === 1 && shape[3] === 1;
  if (pooling === undefined && isRow) return output;
  if (pooling === undefined || shape.length !== 3) {
    throw new RangeError(
      `${address}: expected an output ${
        pooling === undefined ? "[batch, dim], or a pooling" : "[batch, tokens, width] to pool"
      }, found ${showShape(shape)}`,
    );
  }
  const [batch, tokens] = shape as [number, number, number];
  if (pooling === "first") {
    return reshape(slice(output, { axis: 1, start: 0, end: 1 }), [batch, -1]);
  }
  if (present === undefined) {
    if (pooling === "mean") return mean(output, [1]);
    return reshape(slice(output, { axis: 1, start: tokens - 1, end: tokens }), [batch, -1]);
  }
  const places = indices(Array.from({ length: tokens }, (_, i) => i));
  const weights = pooling === "mean"
    ? div(present.mask, sum(present.mask, [1], { keepDims: true }))
    : cast(equal(reshape(present.end, [batch, 1]), places), output.dtype);
  return sum(mul(output, reshape(weights, [batch, tokens, 1])), [1]);
}
