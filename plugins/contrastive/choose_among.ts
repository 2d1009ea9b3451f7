import { add, mul, sub } from "../../core/graph/elementwise.ts";
import { reshape } from "../../core/graph/linear.ts";
import { concat } from "../../core/graph/shape.ts";
import { logSumExp } from "../../core/graph/softmax.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import { countedMean } from "./counted_contrast.ts";
import type { CountedRows } from "./counted_rows.ts";
import { ABSENT } from "./duplicates.ts";
import { logitsOfAll, logitsOfOwn } from "./logits.ts";

/**
 * InfoNCE in one direction: each row of `of` chooses its right one among all right and all wrong ones
 * that count, by scaled cosines. The mean cross entropy over the rows that count and whose right one
 * does.
 *
 * @returns a scalar.
 */
export function chooseAmong(
  logitScale: Tensor,
  of: CountedRows,
  right: CountedRows,
  wrong?: CountedRows,
): Tensor {
  const [batch, dim] = right.rows.shape as [number, number];
  const all = wrong === undefined ? [right] : [right, wrong];
  const absent = mul(sub(1, concat(all.map(({ counted }) => counted), 0)), ABSENT);
  const others = concat(all.map(({ rows }) => rows), 0);
  const logits = add(logitsOfAll(of.rows, others, logitScale), reshape(absent, [1, -1]));
  const own = logitsOfOwn(of.rows, reshape(right.rows, [batch, 1, dim]), logitScale);
  const missed = sub(logSumExp(logits, 1), reshape(own, [batch]));
  return countedMean(missed, mul(of.counted, right.counted));
}
