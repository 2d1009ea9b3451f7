import {
  abs,
  add,
  clip,
  div,
  erf,
  exp,
  log,
  maximum,
  minimum,
  mul,
  neg,
  pow,
  reciprocal,
  relu,
  sigmoid,
  sign,
  sqrt,
  square,
  stopGradient,
  sub,
  tanh,
} from "../../../core/graph/elementwise.ts";
import { cast } from "../../../core/graph/cast.ts";
import { concat } from "../../../core/graph/shape.ts";
import {
  equal,
  greater,
  greaterOrEqual,
  less,
  not,
  where,
} from "../../../core/graph/comparison.ts";
import { gelu, geluTanh, quickGelu, silu } from "../../../core/graph/activation.ts";
import type { Shape, Tensor } from "../../../core/graph/tensor.ts";
import { map, type Values, values, zip } from "../reference_math.ts";
import type { ForwardCase } from "./forward_case.ts";
import { column, cube, matrix, other, positive, row } from "./samples.ts";

const arithmetic: readonly (readonly [
  string,
  (a: Tensor, b: Tensor) => Tensor,
  (x: number, y: number) => number,
])[] = [
  ["add", add, (x, y) => x + y],
  ["sub", sub, (x, y) => x - y],
  ["mul", mul, (x, y) => x * y],
  ["div", (a, b) => div(a, add(mul(b, b), 1)), (x, y) => x / (y * y + 1)],
  ["pow", (a, b) => pow(abs(a), abs(b)), (x, y) => Math.abs(x) ** Math.abs(y)],
  ["maximum", maximum, Math.max],
  ["minimum", minimum, Math.min],
  ["equal", equal, (x, y) => Number(x === y)],
  ["greater", greater, (x, y) => Number(x > y)],
  ["greaterOrEqual", greaterOrEqual, (x, y) => Number(x >= y)],
  ["less", less, (x, y) => Number(x < y)],
];

const pairs: readonly (readonly [Shape, Values, Values])[] = [
  [[2, 3], matrix, other],
  [[2, 3], column, row],
  [[2, 3], matrix, row],
  [[2, 2, 3], row, cube],
  [[2, 2, 3], values([2, 1, 1], [1, -2]), matrix],
  [[3], values([], [2]), row],
];

const single:
  readonly (readonly [string, (x: Tensor) => Tensor, (x: number) => number, Values?])[] = [
    ["neg", neg, (x) => -x],
    ["exp", exp, Math.exp],
    ["log", log, Math.log, positive],
    ["sqrt", sqrt, Math.sqrt, positive],
    ["reciprocal", reciprocal, (x) => 1 / x, positive],
    ["abs", abs, Math.abs],
    ["sign", sign, Math.sign],
    ["sigmoid", sigmoid, (x) => 1 / (1 + Math.exp(-x))],
    ["tanh", tanh, Math.tanh],
    ["erf", erf, erfSeries],
    ["relu", relu, (x) => Math.max(x, 0)],
    ["clip", (x) => clip(x, -1, 1.5), (x) => Math.min(Math.max(x, -1), 1.5)],
    ["square", square, (x) => x * x],
    ["quickGelu", quickGelu, (x) => x / (1 + Math.exp(-1.702 * x))],
    [
      "geluTanh",
      geluTanh,
      (x) => x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
    ],
    ["silu", silu, (x) => x / (1 + Math.exp(-x))],
    ["gelu", gelu, (x) => x / 2 * (1 + erfSeries(x / Math.SQRT2))],
    ["stopGradient", stopGradient, (x) => x],
    ["a number minus a tensor", (x) => sub(2, x), (x) => 2 - x],
    ["a tensor over a number", (x) => div(x, 4), (x) => x / 4],
    ["cast to int32 and back", (x) => cast(cast(x, "int32"), "float32"), Math.trunc],
    ["not", (x) => not(greater(x, 0)), (x) => Number(!(x > 0))],
  ];

// The Maclaurin series 2/√π Σ (−1)ⁿ x²ⁿ⁺¹ / (n! (2n + 1)); 60 terms are exact for |x| ≤ 3.
function erfSeries(x: number): number {
  let power = x;
  let result = 0;
  for (let n = 0; n < 60; n++) {
    result += power / (2 * n + 1);
    power *= -x * x / (n + 1);
  }
  return 2 / Math.sqrt(Math.PI) * result;
}

/** Elementwise operators and comparisons. */
export const elementwise: readonly ForwardCase[] = [
  ...arithmetic.flatMap(([name, f, reference]) =>
    // The runtime stretches shapes in the same way for all; one operator shows it.
    (name === "sub" ? pairs : pairs.slice(0, 2)).map(([shape, a, b]) => ({
      name: `${name} of [${a.shape}] and [${b.shape}]`,
      inputs: [a, b],
      f,
      expected: zip(shape, a, b, reference),
    }))
  ),
  ...single.map(([name, f, reference, x = matrix]) => ({
    name,
    inputs: [x],
    f,
    expected: map(x, reference),
  })),
  {
    name: "where",
    inputs: [values([2, 1], [1, 0], "bool"), matrix, row],
    f: where,
    // The first row of the condition holds.
    expected: values([2, 3], [1.5, -2, 0.25, 0.5, 2, -4]),
  },
  {
    name: "where with numbers",
    inputs: [values([4], [1, 0, 0, 1], "bool"), values([1], [7])],
    f: (condition, x) => where(condition, x, -1),
    expected: values([4], [7, -1, -1, 7]),
  },
  {
    name: "add, mul and equal of int64",
    inputs: [values([3], [1, 2, 3], "int64"), values([1], [2], "int64")],
    f: (a, b) => concat([add(a, b), mul(a, b), cast(equal(a, b), "int64")], 0),
    expected: values([9], [3, 4, 5, 2, 4, 6, 0, 1, 0]),
  },
  {
    name: "add of int32",
    inputs: [values([2], [-5, 7], "int32")],
    f: (x) => add(x, 3),
    expected: values([2], [-2, 10]),
  },
];
