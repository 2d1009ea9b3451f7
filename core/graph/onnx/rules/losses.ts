/**
 * Losses of classes.
 *
 * @module
 */
import { cast } from "../../cast.ts";
import { equal, where } from "../../comparison.ts";
import { div, mul, neg } from "../../elementwise.ts";
import { reshape, sum } from "../../linear.ts";
import { indices, scalar, sizeOf } from "../../node.ts";
import { logSoftmax } from "../../softmax.ts";
import type { Tensor } from "../../tensor.ts";
import type { OnnxCall, Rules } from "../call.ts";

/** NegativeLogLikelihoodLoss and SoftmaxCrossEntropyLoss. */
export const lossRules: Rules = {
  NegativeLogLikelihoodLoss: (call) => likelihoodLoss(call, call.input(0)),
  SoftmaxCrossEntropyLoss: (call) => {
    const logarithms = logSoftmax(call.input(0), 1);
    return [likelihoodLoss(call, logarithms), logarithms];
  },
};

/** @param logarithms `[batch, classes, …places]` */
function likelihoodLoss(
  { input, optional, string, int, refuse }: OnnxCall,
  logarithms: Tensor,
): Tensor {
  const labels = cast(input(1), "int64");
  const weights = optional(2);
  const [batch, classes, ...places] = logarithms.shape as [number, number, ...number[]];
  const line = indices(Array.from({ length: classes }, (_, i) => i));
  const column = [1, classes, ...places.map(() => 1)];
  // A label that is ignored is none of the classes, or is taken out.
  const ignored = int("ignore_index");
  const given = reshape(labels, [batch, 1, ...places]);
  const known = ignored === undefined
    ? given
    : where(equal(given, ignored), scalar(-1, "int64"), given);
  const isClass = equal(known, reshape(line, column));
  const weight = where(
    isClass,
    weights === undefined ? scalar(1, logarithms.dtype) : reshape(weights, column),
    0,
  );
  const each = neg(sum(where(isClass, mul(logarithms, weight), 0), [1]));
  const reduction = string("reduction", "mean");
  if (reduction === "none") return each;
  if (reduction === "sum") return sum(each);
  if (reduction !== "mean") return refuse("reduction none, sum or mean", reduction);
  return weights === undefined && ignored === undefined
    ? div(sum(each), sizeOf(each.shape))
    : div(sum(each), sum(weight));
}
