/**
 * Sums, means, extremes, norms and products over axes, and running ones.
 *
 * @module
 */
import { alongAxis } from "../../along_axis.ts";
import { cast } from "../../cast.ts";
import { abs, log, mul, sqrt } from "../../elementwise.ts";
import { reshape, sum } from "../../linear.ts";
import { indices, normalizeAxis, ones, scalar } from "../../node.ts";
import { isFloating } from "../../operand.ts";
import { max, mean, min } from "../../reduce.ts";
import { concat, slice, split } from "../../shape.ts";
import { logSumExp } from "../../softmax.ts";
import type { Tensor } from "../../tensor.ts";
import type { OnnxCall, Rule, Rules } from "../call.ts";
import { plain } from "./plain.ts";

type Reduce = (x: Tensor, axes: readonly number[]) => Tensor;

/** A reduction; `f` keeps the axes with length 1. */
const reduction = (f: Reduce): Rule => (call) => {
  const { op, input, int } = call;
  const x = input(0);
  const keepDims = int("keepdims", 1) === 1;
  const isNothing = int("noop_with_empty_axes", 0) === 1;
  const given = axesOf(call);
  const every = x.shape.map((_, axis) => axis);
  const axes = given.length > 0
    ? given.map((axis) => normalizeAxis(op, axis, x.shape.length))
    : isNothing
    ? []
    : every;
  const kept = f(x, axes);
  return keepDims ? kept : reshape(kept, x.shape.filter((_, axis) => !axes.includes(axis)));
};

/** Axes as an operand (sums since set 13, all since 18) or an attribute. */
function axesOf({ operands, optionalKnown, ints }: OnnxCall): readonly number[] {
  const given = ints("axes");
  return (operands > 1 ? optionalKnown(1, "axes") : given) ?? [];
}

const total: Reduce = (x, axes) => sum(x, axes, { keepDims: true });

const squares: Reduce = (x, axes) => total(mul(x, x), axes);

/** Extremes of conditions are those of 0 and 1. */
const extreme = (f: typeof max): Reduce => (x, axes) => {
  if (x.dtype === "bool") return cast(extreme(f)(cast(x, "int32"), axes), "bool");
  // `min` negates, which has no form for whole numbers.
  return isFloating(x.dtype) || f === max ? f(x, axes, { keepDims: true }) : smallestWhole(x, axes);
};

function smallestWhole(x: Tensor, axes: readonly number[]): Tensor {
  const shape = x.shape.map((length, axis) => axes.includes(axis) ? 1 : length);
  const attributes = { keepdims: { int: 1 } };
  return plain("ReduceMin", [x, indices(axes)], { shape, attributes });
}

/** The product, by halves, so that a 0 among the factors has its gradient. */
const product: Reduce = (x, axes) =>
  axes.reduce((part, axis) => {
    let rest = part;
    while (rest.shape[axis]! > 1) {
      const length = rest.shape[axis]!;
      const half = Math.floor(length / 2);
      const [a, b, odd] = split(rest, [half, half, length - 2 * half], axis);
      rest = length % 2 === 0 ? mul(a!, b!) : concat([mul(a!, b!), odd!], axis);
    }
    return rest.shape[axis] === 0 ? ones(rest.shape.with(axis, 1), x.dtype) : rest;
  }, x);

/** Reductions and running sums. */
export const reducingRules: Rules = {
  ReduceSum: reduction(total),
  ReduceMean: reduction((x, axes) => mean(x, axes, { keepDims: true })),
  ReduceMax: reduction(extreme(max)),
  ReduceMin: reduction(extreme(min)),
  ReduceProd: reduction(product),
  ReduceL1: reduction((x, axes) => total(isFloating(x.dtype) ? abs(x) : plain("Abs", [x]), axes)),
  ReduceL2: reduction((x, axes) => sqrt(squares(x, axes))),
  ReduceSumSquare: reduction(squares),
  ReduceLogSum: reduction((x, axes) => log(total(x, axes))),
  ReduceLogSumExp: reduction((x, axes) =>
    axes.reduce((part, axis) => reshape(logSumExp(part, axis), part.shape.with(axis, 1)), x)
  ),
  CumSum: ({ op, input, known, int }) => {
    const x = input(0);
    const axis = normalizeAxis(op, known(1, "an axis")[0]!, x.shape.length);
    const [exclusive, reverse] = [int("exclusive", 0), int("reverse", 0)];
    if (!isFloating(x.dtype)) {
      const attributes = { exclusive: { int: exclusive }, reverse: { int: reverse } };
      return plain(op, [x, scalar(axis, "int64")], { attributes });
    }
    const length = x.shape[axis]!;
    const matrix = Array.from(
      { length },
      (_, i) =>
        Array.from(
          { length },
          (_, j) => Number(reverse === 1 ? j - i >= exclusive : i - j >= exclusive),
        ),
    );
    return alongAxis(x, axis, matrix);
  },
  CumProd: ({ op, input, known, int }) => {
    const x = input(0);
    const axis = normalizeAxis(op, known(1, "an axis")[0]!, x.shape.length);
    const [exclusive, reverse] = [int("exclusive", 0) === 1, int("reverse", 0) === 1];
    const length = x.shape[axis]!;
    const parts = Array.from({ length }, (_, i) => slice(x, { axis, start: i, end: i + 1 }));
    if (reverse) parts.reverse();
    let running: Tensor | undefined;
    const products = parts.map((part) => {
      const before = running ?? ones(part.shape, x.dtype);
      running = mul(before, part);
      return exclusive ? before : running;
    });
    return concat(reverse ? products.toReversed() : products, axis);
  },
};
