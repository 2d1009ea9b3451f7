/**
 * Softmaxes and normalisations.
 *
 * @module
 */
import { alongAxis } from "../../along_axis.ts";
import { cast } from "../../cast.ts";
import { equal, where } from "../../comparison.ts";
import { abs, add, div, mul, pow, reciprocal, sqrt, square, sub } from "../../elementwise.ts";
import { expand, reshape, sum } from "../../linear.ts";
import { indices, normalizeAxis, sameShape, sizeOf, zeros } from "../../node.ts";
import { layerNormalization } from "../../normalization.ts";
import { argmax, mean } from "../../reduce.ts";
import { logSoftmax, softmax } from "../../softmax.ts";
import type { Tensor } from "../../tensor.ts";
import type { OnnxCall, Rule, Rules } from "../call.ts";

const keep = { keepDims: true } as const;

/** A softmax; before set 13 it went over all axes from its own on, as if they were one. */
function overOneAxis(f: (x: Tensor, axis: number) => Tensor): Rule {
  return ({ op, opset, input, int }) => {
    const x = input(0);
    const axis = normalizeAxis(op, int("axis", opset < 13 ? 1 : -1), x.shape.length);
    if (opset >= 13 || axis === x.shape.length - 1) return f(x, axis);
    const flat = [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis))];
    return reshape(f(reshape(x, flat), 1), x.shape);
  };
}

/** Normalisations. */
export const normalizingRules: Rules = {
  Softmax: overOneAxis(softmax),
  LogSoftmax: overOneAxis(logSoftmax),
  Hardmax: overOneAxis((x, axis) => {
    const length = x.shape[axis]!;
    const line = reshape(
      indices(Array.from({ length }, (_, i) => i)),
      x.shape.map((_, i) => i === axis ? length : 1),
    );
    return cast(equal(reshape(argmax(x, axis), x.shape.with(axis, 1)), line), x.dtype);
  }),
  LayerNormalization: (call) => {
    const { op, input, optional, int, float, uses } = call;
    const [x, scale, bias] = [input(0), input(1), optional(2)];
    const axis = normalizeAxis(op, int("axis", -1), x.shape.length);
    const epsilon = float("epsilon", 1e-5);
    checkStash(call, x);
    const width = x.shape.slice(axis);
    const isPlain = axis === x.shape.length - 1 && !uses(1) && !uses(2) &&
      sameShape(scale.shape, width) && (bias === undefined || sameShape(bias.shape, width));
    if (isPlain) return layerNormalization(x, scale, bias ?? zeros(width, x.dtype), epsilon);
    const axes = width.map((_, i) => axis + i);
    const average = mean(x, axes, keep);
    const centred = sub(x, average);
    const inverse = reciprocal(sqrt(add(mean(square(centred), axes, keep), epsilon)));
    return [scaled(mul(centred, inverse), scale, bias), average, inverse];
  },
  RMSNormalization: (call) => {
    const { op, input, int, float } = call;
    const [x, scale] = [input(0), input(1)];
    const axis = normalizeAxis(op, int("axis", -1), x.shape.length);
    checkStash(call, x);
    const axes = x.shape.slice(axis).map((_, i) => axis + i);
    const root = sqrt(add(mean(square(x), axes, keep), float("epsilon", 1e-5)));
    return mul(div(x, root), scale);
  },
  InstanceNormalization: ({ input, float }) =>
    byGroups(input(0), input(0).shape[1]!, float("epsilon", 1e-5), input(1), input(2)),
  GroupNormalization: (call) => {
    const { input, int, float, opset, refuse } = call;
    const [x, scale, bias] = [input(0), input(1), input(2)];
    const groups = int("num_groups") ?? refuse("a number of groups", "none");
    checkStash(call, x);
    // Before set 21, scale and bias are a group's; since then, a channel's.
    const each = (of: Tensor) =>
      opset >= 21
        ? of
        : reshape(expand(reshape(of, [groups, 1]), [groups, x.shape[1]! / groups]), [-1]);
    return byGroups(x, groups, float("epsilon", 1e-5), each(scale), each(bias));
  },
  BatchNormalization: ({ opset, input, int, float, uses, refuse }) => {
    const [x, scale, bias, average, variance] = [0, 1, 2, 3, 4].map(input) as [
      Tensor,
      Tensor,
      Tensor,
      Tensor,
      Tensor,
    ];
    float("momentum", 0.9);
    // Before set 14, whoever asked for the batch's statistics was training.
    if (int("training_mode", 0) !== 0 || opset < 14 && [1, 2, 3, 4].some(uses)) {
      refuse("a norm by statistics that are given", "training mode");
    }
    const deviation = sqrt(add(variance, float("epsilon", 1e-5)));
    const channel = (of: Tensor) =>
      reshape(of, x.shape.flatMap((length, axis) => axis === 1 ? [length] : axis === 0 ? [] : [1]));
    return add(
      mul(div(sub(x, channel(average)), channel(deviation)), channel(scale)),
      channel(bias),
    );
  },
  LpNormalization: ({ op, input, int, refuse }) => {
    const x = input(0);
    const axis = normalizeAxis(op, int("axis", -1), x.shape.length);
    const p = int("p", 2);
    if (p !== 1 && p !== 2) refuse("p of 1 or 2", `${p}`);
    const total = sum(p === 1 ? abs(x) : square(x), [axis], keep);
    const isNothing = equal(total, 0);
    const safe = where(isNothing, 1, total);
    return where(isNothing, 0, div(x, p === 1 ? safe : sqrt(safe)));
  },
  MeanVarianceNormalization: ({ input, ints }) => {
    const x = input(0);
    const axes = ints("axes") ?? [0, 2, 3];
    const centred = sub(x, mean(x, axes, keep));
    return div(centred, add(sqrt(mean(square(centred), axes, keep)), 1e-9));
  },
  LRN: ({ input, int, float, refuse }) => {
    const x = input(0);
    const size = int("size") ?? refuse("a size", "none");
    const length = x.shape[1]!;
    const [before, after] = [Math.floor((size - 1) / 2), Math.ceil((size - 1) / 2)];
    const window = Array.from(
      { length },
      (_, i) => Array.from({ length }, (_, j) => Number(j >= i - before && j <= i + after)),
    );
    const total = alongAxis(square(x), 1, window);
    const base = add(mul(total, float("alpha", 1e-4) / size), float("bias", 1));
    return div(x, pow(base, float("beta", 0.75)));
  },
};

/** Normalised over the channels of a group and all places; scale and bias are a channel's. */
function byGroups(
  x: Tensor,
  groups: number,
  epsilon: number,
  scale: Tensor,
  bias: Tensor,
): Tensor {
  const [batch, channels, ...space] = x.shape;
  const parted = reshape(x, [batch!, groups, channels! / groups * sizeOf(space)]);
  const centred = sub(parted, mean(parted, [2], keep));
  const deviation = sqrt(add(mean(square(centred), [2], keep), epsilon));
  const normalized = reshape(div(centred, deviation), x.shape);
  const channel = (of: Tensor) => reshape(of, [channels!, ...space.map(() => 1)]);
  return scaled(normalized, channel(scale), channel(bias));
}

function scaled(x: Tensor, scale: Tensor, bias: Tensor | undefined): Tensor {
  const product = mul(x, scale);
  return bias === undefined ? product : add(product, bias);
}

/** The first stage is computed in the type of what is normalised. */
function checkStash({ int, refuse }: OnnxCall, { dtype }: Tensor): void {
  const type = int("stash_type", 1);
  if (type !== 1 || dtype === "float16") {
    refuse("a normalisation in float32", type === 1 ? `one of ${dtype}` : `stash_type ${type}`);
  }
}
