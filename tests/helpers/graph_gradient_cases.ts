/**
 * Every gradient rule as a case for finite differences.
 *
 * @module
 */
import { expand, gemm, matmul, reshape, sum, transpose } from "../../core/graph/linear.ts";
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
  sqrt,
  square,
  sub,
  tanh,
} from "../../core/graph/elementwise.ts";
import { cast } from "../../core/graph/cast.ts";
import { concat, pad, slice, split } from "../../core/graph/shape.ts";
import { constant, indices } from "../../core/graph/node.ts";
import { conv2d, type ConvOptions, convTranspose2d } from "../../core/graph/convolution.ts";
import { crossEntropy, l2Normalize, logAddExp } from "../../core/graph/composite.ts";
import { gather, scatterAdd } from "../../core/graph/indexing.ts";
import { gelu, geluTanh, quickGelu, silu } from "../../core/graph/activation.ts";
import { layerNormalization } from "../../core/graph/normalization.ts";
import { logSoftmax, logSumExp, softmax } from "../../core/graph/softmax.ts";
import { max, mean, min } from "../../core/graph/reduce.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import { where } from "../../core/graph/comparison.ts";
import { type GradientCase, secondDerivative } from "../../core/graph/finite_differences.ts";

const positive = [0.5, 2.5] as const;

const pairs: readonly (readonly [string, (a: Tensor, b: Tensor) => Tensor])[] = [
  ["add", add],
  ["sub", sub],
  ["mul", mul],
  ["div", div],
  ["pow", pow],
  ["maximum", maximum],
  ["minimum", minimum],
];

const binaries: readonly GradientCase[] = pairs.flatMap(([name, f]) => {
  const domain = name === "div" || name === "pow" ? { domain: positive } : {};
  return [
    { name: `${name} of equal shapes`, shapes: [[2, 3], [2, 3]], ...domain, f },
    { name: `${name} with a row`, shapes: [[2, 3], [3]], ...domain, f },
    { name: `${name} of column and row`, shapes: [[2, 1], [1, 3]], ...domain, f },
    { name: `${name} of scalar and matrix`, shapes: [[], [2, 2]], ...domain, f },
  ];
});

const singles: readonly (readonly [string, (x: Tensor) => Tensor])[] = [
  ["neg", neg],
  ["exp", exp],
  ["abs", abs],
  ["sigmoid", sigmoid],
  ["tanh", tanh],
  ["relu", relu],
  ["clip", (x) => clip(x, -1.2, 1.1)],
  ["square", square],

  ["number minus tensor", (x) => sub(1.5, x)],
  ["number over tensor", (x) => div(1.5, x)],
  ["tensor to a number's power", (x) => pow(x, 3)],
];

const unaries: readonly GradientCase[] = [
  ...singles.map(([name, f]) => ({ name, shapes: [[2, 3]], f })),
  { name: "log", shapes: [[2, 3]], domain: positive, f: log },
  { name: "sqrt", shapes: [[2, 3]], domain: positive, f: sqrt },
  { name: "reciprocal", shapes: [[2, 3]], domain: positive, f: reciprocal },
  { name: "erf", shapes: [[2, 3]], f: erf, float32Only: true },
  // ONNX Runtime fuses it to its QuickGelu, which its CPU has in float32 only.
  { name: "quickGelu", shapes: [[2, 3]], f: quickGelu, float32Only: true },
  { name: "geluTanh", shapes: [[2, 3]], f: geluTanh },
  { name: "silu", shapes: [[2, 3]], f: silu, float32Only: true },
  { name: "gelu", shapes: [[2, 3]], f: gelu, float32Only: true },
  {
    name: "where",
    shapes: [[2, 3], [3]],
    f: (a, b) => where(constant([1, 0], [2, 1], "bool"), a, b),
  },
  {
    name: "where by a condition wider than its operands",
    shapes: [[3], []],
    f: (a, b) => where(constant([1, 0, 0, 1, 1, 0], [2, 3], "bool"), a, b),
  },
];

const reductions: readonly GradientCase[] = [
  ...([["sum", sum], ["mean", mean], ["max", max], ["min", min]] as const).flatMap((
    [name, f],
  ) => [
    { name: `${name} of all`, shapes: [[2, 3]], f: (x: Tensor) => f(x) },
    { name: `${name} along -1`, shapes: [[2, 3]], f: (x: Tensor) => f(x, [-1]) },
    {
      name: `${name} along 0 and 2, kept`,
      shapes: [[2, 2, 3]],
      f: (x: Tensor) => f(x, [0, 2], { keepDims: true }),
    },
  ]),
  { name: "softmax", shapes: [[2, 3]], f: (x) => softmax(x) },
  { name: "softmax along 0", shapes: [[3, 2]], f: (x) => softmax(x, 0) },
  { name: "logSoftmax", shapes: [[2, 3]], f: (x) => logSoftmax(x) },
  { name: "logSoftmax along 1 of 3", shapes: [[2, 3, 2]], f: (x) => logSoftmax(x, 1) },
  { name: "logSumExp", shapes: [[2, 3]], f: (x) => logSumExp(x) },
  { name: "logSumExp along 0", shapes: [[3, 2]], f: (x) => logSumExp(x, 0) },
  {
    name: "layerNormalization",
    shapes: [[2, 3], [3], [3]],
    f: (x, weight, bias) => layerNormalization(x, weight, bias),
  },
  {
    name: "layerNormalization of one row, large epsilon",
    shapes: [[4], [4], [4]],
    f: (x, weight, bias) => layerNormalization(x, weight, bias, 0.5),
  },
  {
    name: "layerNormalization's mean",
    shapes: [[2, 4]],
    float32Only: true,
    f: (x) => layerNormalization(x, constant([1, 2, 3, 4], [4]), zero4).node.outputs[1]!,
  },
  {
    name: "layerNormalization's inverse deviation",
    shapes: [[2, 4]],
    float32Only: true,
    f: (x) => layerNormalization(x, constant([1, 2, 3, 4], [4]), zero4).node.outputs[2]!,
  },
  { name: "l2Normalize", shapes: [[2, 3]], f: (x) => l2Normalize(x) },
  { name: "l2Normalize along 0", shapes: [[3, 2]], f: (x) => l2Normalize(x, 0) },
  { name: "logAddExp with broadcasting", shapes: [[2, 3], [3]], f: logAddExp },
  { name: "crossEntropy", shapes: [[3, 3]], f: (x) => crossEntropy(x) },
  { name: "crossEntropy with labels", shapes: [[2, 4]], f: (x) => crossEntropy(x, [3, 1]) },
];

const zero4 = constant([0, 0, 0, 0], [4]);

const products: readonly GradientCase[] = [
  { name: "matmul", shapes: [[2, 3], [3, 2]], f: matmul },
  { name: "matmul, batched", shapes: [[2, 2, 2], [2, 2, 1]], f: matmul },
  { name: "matmul of batch and matrix", shapes: [[2, 2, 3], [3, 2]], f: matmul },
  { name: "matmul of matrix and batch", shapes: [[2, 2], [2, 2, 2]], f: matmul },
  { name: "matmul of stretched batches", shapes: [[2, 1, 1, 2], [3, 2, 1]], f: matmul },
  ...[false, true].flatMap((transposeA) =>
    [false, true].flatMap((transposeB): GradientCase[] => {
      const shapes = [transposeA ? [3, 2] : [2, 3], transposeB ? [2, 3] : [3, 2]];
      const options = { transposeA, transposeB };
      const name = `gemm, a${transposeA ? "ᵀ" : ""} · b${transposeB ? "ᵀ" : ""}`;
      return [
        { name, shapes, f: (a, b) => gemm(a, b, undefined, options) },
        {
          name: `${name} + row`,
          shapes: [...shapes, [2]],
          f: (a, b, c) => gemm(a, b, c, options),
        },
        {
          name: `${name} + matrix`,
          shapes: [...shapes, [2, 2]],
          f: (a, b, c) => gemm(a, b, c, options),
        },
      ];
    })
  ),
];

const convolutionOptions: readonly Readonly<Partial<Record<Even, number>>>[] = [
  {},
  { stride: 2 },
  { padding: 1 },
  { dilation: 2 },
  { stride: 2, padding: 1 },
  { stride: 2, padding: 1, dilation: 2 },
];

type Even = "stride" | "padding" | "dilation";

const grouped: ConvOptions = { stride: [2, 1], padding: [1, 0], groups: 2 };

const convolutions: readonly GradientCase[] = [
  ...convolutionOptions.flatMap((options): GradientCase[] => {
    const name = `with ${JSON.stringify(options)}`;
    const { stride = 1, padding = 0, dilation = 1 } = options;
    const out = Math.floor((3 + 2 * padding - dilation - 1) / stride) + 1;
    return [
      {
        name: `conv2d ${name}`,
        shapes: [[1, 1, 3, 3], [2, 1, 2, 2]],
        float32Only: true,
        f: (x, weight) => conv2d(x, weight, undefined, options),
      },
      {
        name: `convTranspose2d ${name}`,
        shapes: [[1, 1, out, out], [1, 2, 2, 2]],
        float32Only: true,
        f: (x, weight) => convTranspose2d(x, weight, [3, 3], options),
      },
    ];
  }),
  {
    name: "conv2d with bias, batch and channels",
    shapes: [[2, 2, 2, 2], [2, 2, 2, 1], [2]],
    float32Only: true,
    f: (x, weight, bias) => conv2d(x, weight, bias),
  },
  {
    name: "conv2d of patches with a rest at the edge",
    shapes: [[1, 1, 5, 4], [1, 1, 2, 2]],
    float32Only: true,
    f: (x, weight) => conv2d(x, weight, undefined, { stride: 2 }),
  },
  {
    name: "conv2d of groups, axes by themselves",
    shapes: [[2, 4, 4, 3], [2, 2, 2, 2], [2]],
    float32Only: true,
    f: (x, weight, bias) => conv2d(x, weight, bias, grouped),
  },
  {
    name: "convTranspose2d of groups, axes by themselves",
    shapes: [[1, 2, 3, 2], [2, 2, 2, 2]],
    float32Only: true,
    f: (x, weight) => convTranspose2d(x, weight, [4, 3], grouped),
  },
];

const moves: readonly GradientCase[] = [
  {
    name: "gather along 0, repeated and scattered positions",
    shapes: [[4, 2]],
    f: (x) => gather(x, indices([3, 1, 3, 0, 3])),
  },
  {
    name: "gather along 1 by a matrix",
    shapes: [[2, 3, 2]],
    f: (x) => gather(x, constant([2, 0, 2, 2], [2, 2], "int64"), 1),
  },
  {
    name: "gather along -1 by one position",
    shapes: [[2, 3]],
    f: (x) => gather(x, constant([1], [], "int64"), -1),
  },
  {
    name: "scatterAdd, repeated rows",
    shapes: [[3, 2], [4, 2]],
    f: (base, updates) => scatterAdd(base, indices([2, 0, 2, 2]), updates),
  },
  { name: "slice", shapes: [[4, 2]], f: (x) => slice(x, { axis: 0, start: 1, end: 3 }) },
  {
    name: "slice from the end",
    shapes: [[2, 4]],
    f: (x) => slice(x, { axis: -1, start: -3, end: -1 }),
  },
  { name: "pad", shapes: [[2, 2]], f: (x) => pad(x, { axis: -1, before: 1, after: 2 }) },
  { name: "concat", shapes: [[2, 1], [2, 3], [2, 1]], f: (a, b, c) => concat([a, b, c], -1) },
  { name: "concat of one twice", shapes: [[2, 2]], f: (x) => concat([x, x], 0) },
  {
    name: "split, all pieces",
    shapes: [[2, 5]],
    f: (x) => {
      const [a, b, c] = split(x, [2, 2, 1], -1);
      return mul(mul(a!, b!), c!);
    },
  },
  {
    name: "split, a piece unused",
    shapes: [[5, 2]],
    f: (x) => square(split(x, [2, 1, 2], 0)[2]!),
  },
  { name: "transpose", shapes: [[2, 3]], f: (x) => square(transpose(x)) },
  { name: "transpose of 3 axes", shapes: [[2, 3, 2]], f: (x) => transpose(x, [2, 0, 1]) },
  {
    name: "transpose twice",
    shapes: [[2, 3, 2]],
    f: (x) => transpose(transpose(x, [2, 0, 1]), [0, 2, 1]),
  },
  { name: "reshape", shapes: [[2, 3]], f: (x) => reshape(x, [3, -1]) },
  { name: "expand", shapes: [[2, 1]], f: (x) => expand(x, [3, 2, 2]) },
];

/** The cases by the file of the rules that they test. */
export const gradientCases: Readonly<Record<string, readonly GradientCase[]>> = {
  elementwise: [...binaries, ...unaries],
  reductions,
  products,
  convolutions,
  moves,
};

/** Casts between floating types, which only the CPU has two of; the inputs are float32. */
export const castCases: readonly GradientCase[] = [
  { name: "cast to float64", shapes: [[2, 3]], f: (x) => square(cast(x, "float64")) },
  {
    name: "cast to float64 and back",
    shapes: [[2, 3]],
    f: (x) => mul(cast(square(cast(x, "float64")), "float32"), x),
  },
];

/** First gradients that are differentiated again. */
export const secondDerivativeCases: Readonly<Record<string, readonly GradientCase[]>> = {
  elementwise: [
    ...binaries.filter(({ name }) => /^(mul|div|pow) of (equal|column)/.test(name)),
    ...unaries.filter(({ name }) => /^(exp|quickGelu|tanh|gelu|sqrt)$/.test(name)),
  ].map(secondDerivative),
  reductions: reductions.filter(({ name }) =>
    /^(layerNormalization( of one row.*)?|softmax|logSumExp|l2Normalize|crossEntropy)$/.test(name)
  ).map(secondDerivative),
  products: products.filter(({ name }) =>
    /^(matmul|matmul of batch and.*|gemm, aᵀ · bᵀ \+ row)$/.test(name)
  ).map(secondDerivative),
  convolutions: convolutions.map(secondDerivative),
  // What only moves values has no second derivative, but its square has.
  moves: moves.filter(({ name }) => /^(gather|split|transpose|scatterAdd)/.test(name)).map((
    { f, ...rest },
  ) => secondDerivative({ ...rest, f: (...inputs) => square(f(...inputs)) })),
};
