import { sum } from "../../../core/graph/linear.ts";
import { argmax, max, mean, min } from "../../../core/graph/reduce.ts";
import { crossEntropy, l2Normalize, logAddExp } from "../../../core/graph/composite.ts";
import { layerNormalization } from "../../../core/graph/normalization.ts";
import { logSoftmax, logSumExp, softmax } from "../../../core/graph/softmax.ts";
import { fold, map, shaped, type Values, values, zip } from "../reference_math.ts";
import type { ForwardCase } from "./forward_case.ts";
import { cube, row } from "./samples.ts";

const sumOf = (all: readonly number[]) => all.reduce((a, b) => a + b, 0);
const folds: readonly (readonly [
  string,
  typeof sum,
  (all: readonly number[]) => number,
])[] = [
  ["sum", sum, sumOf],
  ["mean", mean, (all) => sumOf(all) / all.length],
  ["max", max, (all) => Math.max(...all)],
  ["min", min, (all) => Math.min(...all)],
];

function softmaxOf(x: Values, axis: number): Values {
  const powers = map(x, Math.exp);
  return zip(x.shape, powers, fold(powers, [axis], sumOf), (a, b) => a / b);
}

function normalized(x: Values, epsilon: number): Values {
  const last = [x.shape.length - 1];
  const centred = zip(x.shape, x, fold(x, last, (v) => sumOf(v) / v.length), (a, b) => a - b);
  const variance = fold(centred, last, (v) => sumOf(v.map((a) => a * a)) / v.length);
  return zip(x.shape, centred, variance, (a, b) => a / Math.sqrt(b + epsilon));
}

/** Reductions, softmax, normalisation and losses. */
export const reductions: readonly ForwardCase[] = [
  ...folds.flatMap(([name, f, reference]): ForwardCase[] => [
    {
      name: `${name} of all`,
      inputs: [cube],
      f: (x) => f(x),
      expected: shaped(fold(cube, [0, 1, 2], reference), []),
    },
    {
      name: `${name} along -2`,
      inputs: [cube],
      f: (x) => f(x, [-2]),
      expected: shaped(fold(cube, [1], reference), [2, 3]),
    },
    {
      name: `${name} along 2 and 0, kept`,
      inputs: [cube],
      f: (x) => f(x, [2, 0], { keepDims: true }),
      expected: fold(cube, [0, 2], reference),
    },
    { name: `${name} along no axis`, inputs: [row], f: (x) => f(x, []), expected: row },
  ]),
  {
    name: "argmax, the first of tied ones",
    inputs: [values([3, 3], [1, 5, 2, 7, 7, 0, -1, -3, -1])],
    f: (x) => argmax(x, -1),
    expected: values([3], [1, 0, 0]),
  },
  {
    name: "argmax along 0",
    inputs: [values([2, 2], [1, 5, 2, -7])],
    f: (x) => argmax(x, 0),
    expected: values([2], [1, 0]),
  },
  ...[0, 1, 2].flatMap((axis): ForwardCase[] => {
    const y = softmaxOf(cube, axis);
    const powers = fold(map(cube, Math.exp), [axis], sumOf);
    const rest = cube.shape.filter((_, i) => i !== axis);
    return [
      {
        name: `softmax along ${axis - 3}`,
        inputs: [cube],
        f: (x) => softmax(x, axis - 3),
        expected: y,
      },
      {
        name: `logSoftmax along ${axis}`,
        inputs: [cube],
        f: (x) => logSoftmax(x, axis),
        expected: map(y, Math.log),
      },
      {
        name: `logSumExp along ${axis}`,
        inputs: [cube],
        f: (x) => logSumExp(x, axis),
        expected: map(shaped(powers, rest), Math.log),
      },
    ];
  }),
  {
    name: "logSumExp of large values",
    inputs: [values([2], [1000, 1000])],
    f: (x) => logSumExp(x),
    // log(2 e¹⁰⁰⁰) = 1000 + log 2
    expected: values([], [1000 + Math.LN2]),
  },
  {
    name: "logSoftmax of values far apart",
    inputs: [values([2], [0, 200])],
    f: (x) => logSoftmax(x),
    expected: values([2], [-200, 0]),
  },
  {
    name: "layerNormalization",
    inputs: [cube, row, values([3], [1, 0, -1])],
    f: (x, weight, bias) => layerNormalization(x, weight, bias),
    expected: zip(
      cube.shape,
      zip(cube.shape, normalized(cube, 1e-5), row, (a, b) => a * b),
      values([3], [1, 0, -1]),
      (a, b) => a + b,
    ),
  },
  {
    name: "layerNormalization of a row, large epsilon",
    inputs: [row, values([3], [1, 2, 3]), values([3], [0, 0, 0])],
    f: (x, weight, bias) => layerNormalization(x, weight, bias, 2),
    expected: zip([3], normalized(row, 2), values([3], [1, 2, 3]), (a, b) => a * b),
  },
  {
    name: "l2Normalize",
    inputs: [values([2, 2], [3, 4, -5, 12])],
    f: (x) => l2Normalize(x),
    // Rows of length 5 and 13.
    expected: values([2, 2], [0.6, 0.8, -5 / 13, 12 / 13]),
  },
  {
    name: "l2Normalize along 0",
    inputs: [values([2, 2], [3, 0, -4, 2])],
    f: (x) => l2Normalize(x, 0),
    expected: values([2, 2], [0.6, 0, -0.8, 1]),
  },
  {
    name: "logAddExp with broadcasting",
    inputs: [values([2, 1], [Math.log(2), 0]), values([2], [0, Math.log(3)])],
    f: (a, b) => logAddExp(a, b),
    // 2 + 1, 2 + 3; 1 + 1, 1 + 3.
    expected: values([2, 2], [Math.log(3), Math.log(5), Math.log(2), Math.log(4)]),
  },
  {
    name: "crossEntropy",
    inputs: [values([2, 2], [0, Math.log(3), Math.log(7), 0])],
    f: (x) => crossEntropy(x),
    // Probabilities of the right classes: 1/(1 + 3) and 1/(7 + 1).
    expected: values([], [(Math.log(4) + Math.log(8)) / 2]),
  },
  {
    name: "crossEntropy with labels",
    inputs: [values([1, 3], [Math.log(2), 0, 0])],
    f: (x) => crossEntropy(x, [0]),
    expected: values([], [Math.log(2)]),
  },
];
