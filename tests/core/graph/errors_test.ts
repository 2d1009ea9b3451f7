import { expand, gemm, matmul, reshape, sum, transpose } from "../../../core/graph/linear.ts";
import { expect } from "expect";
import {
  abs,
  add,
  clip,
  div,
  exp,
  maximum,
  minimum,
  mul,
  pow,
  sub,
} from "../../../core/graph/elementwise.ts";
import { argmax, max, mean, min } from "../../../core/graph/reduce.ts";
import { concat, pad, slice, split } from "../../../core/graph/shape.ts";
import { constant, indices, input } from "../../../core/graph/node.ts";
import { conv2d, convTranspose2d } from "../../../core/graph/convolution.ts";
import { crossEntropy, l2Normalize } from "../../../core/graph/composite.ts";
import {
  equal,
  greater,
  greaterOrEqual,
  less,
  not,
  where,
} from "../../../core/graph/comparison.ts";
import { gather, scatterAdd } from "../../../core/graph/indexing.ts";
import { layerNormalization } from "../../../core/graph/normalization.ts";
import { logSoftmax, logSumExp, softmax } from "../../../core/graph/softmax.ts";

const a = input("a", "float32", [2, 3]);
const b = input("b", "float32", [3, 2]);
const wide = input("wide", "float32", [2, 4]);
const double = input("double", "float64", [2, 3]);
const whole = input("whole", "int64", [2]);
const row = input("row", "float32", [3]);
const picture = input("picture", "float32", [1, 2, 4, 4]);
const kernel = input("kernel", "float32", [5, 2, 3, 3]);

type Attempt = readonly [
  name: string,
  attempt: () => unknown,
  kind: typeof TypeError | typeof RangeError,
  /** What the message says, in order. */
  parts: readonly string[],
];

function refuses(attempts: readonly Attempt[]): void {
  for (const [name, attempt, kind, parts] of attempts) {
    let thrown: unknown;
    try {
      attempt();
    } catch (error) {
      thrown = error;
    }
    const kindFound = thrown instanceof Error ? thrown.constructor.name : `${thrown}`;
    expect(`${name}: ${kindFound}`).toBe(`${name}: ${kind.name}`);
    const pattern = parts.map((part) => part.replace(/[[\](){}.*+?^$|\\]/g, "\\$&")).join(".*");
    expect((thrown as Error).message).toMatch(new RegExp(pattern, "s"));
  }
}

const pairs = { add, sub, mul, div, pow, maximum, minimum, equal, greater, greaterOrEqual, less };

Deno.test("elementwise operators: refuse shapes that do not stretch, with both", () => {
  refuses(
    Object.entries(pairs).map(([name, f]): Attempt => [
      name,
      () => f(a, wide),
      TypeError,
      ["shapes [2, 3] and [2, 4] do not broadcast", "3 and 4"],
    ]),
  );
});

Deno.test("elementwise operators: refuse operands of two types, with both", () => {
  refuses(
    Object.entries(pairs).map(([name, f]): Attempt => [
      name,
      () => f(a, double),
      TypeError,
      ["one type", "float32 and float64"],
    ]),
  );
});

Deno.test("elementwise operators: refuse two numbers and integer functions", () => {
  refuses([
    ["add", () => add(1, 2), TypeError, ["Add", "two numbers"]],
    ["exp", () => exp(whole), TypeError, ["Exp", "floating-point", "int64"]],
    ["abs", () => abs(whole), TypeError, ["Abs", "floating-point", "int64"]],
    ["clip of integers", () => clip(whole, 0, 1), TypeError, ["Clip", "floating-point", "int64"]],
    ["clip", () => clip(a, 2, 1), RangeError, ["low ≤ high", "2 and 1"]],
    ["not", () => not(a), TypeError, ["Not", "bool", "float32"]],
  ]);
});

Deno.test("where: refuses a condition that is not bool, and shapes that do not stretch", () => {
  const condition = input("condition", "bool", [2, 4]);
  refuses([
    ["condition", () => where(a, a, a), TypeError, ["Where", "bool", "float32"]],
    ["values", () => where(condition, a, wide), TypeError, ["Where", "[2, 3] and [2, 4]"]],
    ["all", () => where(condition, a, 1), TypeError, ["Where", "[2, 4] and [2, 3]"]],
    ["types", () => where(condition, a, double), TypeError, ["Where", "float32 and float64"]],
  ]);
});

Deno.test("matmul and gemm: refuse what does not multiply, with both shapes", () => {
  const batches = [input("p", "float32", [2, 2, 3]), input("q", "float32", [3, 3, 2])] as const;
  refuses([
    ["matmul", () => matmul(a, wide), TypeError, ["MatMul", "float32 [2, 3] and float32 [2, 4]"]],
    ["matmul of types", () => matmul(double, b), TypeError, ["float64 [2, 3] and float32 [3, 2]"]],
    ["matmul of a row", () => matmul(row, b), TypeError, ["[3] and float32 [3, 2]"]],
    ["matmul of batches", () => matmul(...batches), TypeError, ["MatMul", "[2] and [3]"]],
    ["gemm", () => gemm(a, wide), TypeError, ["Gemm", "float32 [2, 3] and float32 [2, 4]"]],
    ["gemm of types", () => gemm(double, b), TypeError, ["float64 [2, 3] and float32 [3, 2]"]],
    [
      "gemm, transposed",
      () => gemm(a, wide, undefined, { transposeB: true }),
      TypeError,
      ["[2, 3] and float32 [2, 4] (transposed)"],
    ],
    ["gemm of batches", () => gemm(batches[0], b), TypeError, ["[2, 2, 3] and float32 [3, 2]"]],
    ["gemm's term", () => gemm(a, b, row), TypeError, ["[2] or [2, 2]", "float32 [3]"]],
  ]);
});

Deno.test("conv2d: refuses kernels, biases and pictures that do not fit, with both shapes", () => {
  const gray = input("gray", "float32", [1, 1, 4, 4]);
  const small = input("small", "float32", [1, 2, 2, 2]);
  refuses([
    ["channels", () => conv2d(gray, kernel), TypeError, ["Conv", "[1, 1, 4, 4]", "[5, 2, 3, 3]"]],
    ["axes", () => conv2d(a, kernel), TypeError, ["[2, 3]", "[5, 2, 3, 3]"]],
    ["too small", () => conv2d(small, kernel), TypeError, ["[1, 2, 2, 2]", "[5, 2, 3, 3]"]],
    ["bias", () => conv2d(picture, kernel, row), TypeError, ["bias", "[5]", "[3]"]],
    [
      "bias of another type",
      () => conv2d(picture, kernel, input("bias", "float64", [5])),
      TypeError,
      ["bias float32 [5]", "float64 [5]"],
    ],
  ]);
});

Deno.test("convTranspose2d: refuses what no convolution gives", () => {
  const folded = input("folded", "float32", [1, 5, 2, 2]);
  refuses([
    [
      "filters",
      () => convTranspose2d(picture, kernel, [6, 6]),
      TypeError,
      ["ConvTranspose", "[1, 2, 4, 4]", "[5, 2, 3, 3]"],
    ],
    // A 3 × 3 kernel makes 2 × 2 of 4 × 4, not of 5 × 5; with stride 2, of 5 and 6, not of 7.
    [
      "space",
      () => convTranspose2d(folded, kernel, [5, 5]),
      TypeError,
      ["[5, 5]", "[3, 3]", "[2, 2]"],
    ],
    ["rest", () => convTranspose2d(folded, kernel, [5, 7], { stride: 2 }), TypeError, [
      "stride [2, 2]",
    ]],
    ["axes", () => convTranspose2d(folded, kernel, [4]), TypeError, ["[4]", "[2, 2]"]],
  ]);
});

Deno.test("layerNormalization: refuses weights of another width or type", () => {
  const narrow = input("narrow", "float32", [2]);
  const double3 = input("double3", "float64", [3]);
  refuses([
    ["weight", () => layerNormalization(a, narrow, row), TypeError, ["[3]", "[2, 3]", "[2]"]],
    ["bias", () => layerNormalization(a, row, narrow), TypeError, ["[3]", "[2, 3]", "[2]"]],
    ["type", () => layerNormalization(a, row, double3), TypeError, ["float32", "float64 [3]"]],
  ]);
});

Deno.test("gather and scatterAdd: refuse positions and updates that do not fit", () => {
  refuses([
    ["gather", () => gather(a, row), TypeError, ["Gather", "int64 or int32", "float32"]],
    ["gather's axis", () => gather(a, whole, 2), RangeError, ["Gather", "-2 to 1", "2"]],
    [
      "updates",
      () => scatterAdd(a, whole, wide),
      TypeError,
      ["scatterAdd", "[2, 3]", "int64 [2]", "float32 [2, 4]"],
    ],
    ["rows", () => scatterAdd(a, row, a), TypeError, ["int64 rows", "float32 [3]"]],
    ["types", () => scatterAdd(a, whole, double), TypeError, ["float32 updates", "float64 [2, 3]"]],
    [
      "a scalar",
      () => scatterAdd(input("s", "float32", []), whole, input("u", "float32", [2])),
      TypeError,
      ["[]", "[2]"],
    ],
  ]);
});

Deno.test("shape operators: refuse what does not fit, with both shapes", () => {
  refuses([
    ["reshape", () => reshape(a, [4]), TypeError, ["Reshape", "[2, 3]", "6", "[4]"]],
    ["reshape, a fraction", () => reshape(a, [4, -1]), TypeError, ["[2, 3]", "[4, -1]"]],
    ["reshape, two open", () => reshape(a, [-1, -1]), TypeError, ["[-1, -1]"]],
    ["reshape, negative", () => reshape(a, [-2, -3]), TypeError, ["[-2, -3]"]],
    ["expand", () => expand(a, [2, 4]), TypeError, ["Expand", "[2, 3]", "[2, 4]"]],
    ["expand, fewer axes", () => expand(a, [3]), TypeError, ["[2, 3]", "[3]"]],
    ["concat", () => concat([a, b], 0), TypeError, ["Concat", "axis 0", "[2, 3]", "[3, 2]"]],
    ["concat of types", () => concat([a, double], 0), TypeError, [
      "float32 [2, 3]",
      "float64 [2, 3]",
    ]],
    ["concat of nothing", () => concat([], 0), RangeError, ["Concat", "none"]],
    ["split", () => split(a, [1, 1], 1), TypeError, ["Split", "axis 1", "[2, 3]", "[1, 1]"]],
    ["split, negative", () => split(a, [4, -1], 1), TypeError, ["[2, 3]", "[4, -1]"]],
    ["transpose", () => transpose(a, [0, 0]), RangeError, ["Transpose", "[2, 3]", "[0, 0]"]],
    ["transpose of a row", () => transpose(row), RangeError, ["Transpose", "[3]"]],
    ["slice", () => slice(a, { axis: 1, start: 2, end: 4 }), RangeError, ["2 to 4", "[2, 3]"]],
    ["slice, empty", () => slice(a, { axis: 1, start: 2, end: 2 }), RangeError, ["2 to 2"]],
    ["pad", () => pad(a, { axis: 0, before: -1, after: 0 }), RangeError, ["Pad", "-1 and 0"]],
  ]);
});

Deno.test("operators along an axis: refuse an axis that is not there", () => {
  const along: Record<string, (axis: number) => unknown> = {
    ReduceSum: (axis) => sum(a, [axis]),
    ReduceMean: (axis) => mean(a, [axis]),
    ReduceMax: (axis) => [max(a, [axis]), min(a, [axis])],
    ArgMax: (axis) => argmax(a, axis),
    Softmax: (axis) => softmax(a, axis),
    logSoftmax: (axis) => logSoftmax(a, axis),
    logSumExp: (axis) => logSumExp(a, axis),
    Gather: (axis) => gather(a, indices([0]), axis),
    Concat: (axis) => concat([a, a], axis),
    Split: (axis) => split(a, [1, 1], axis),
    Slice: (axis) => slice(a, { axis, start: 0, end: 1 }),
    Pad: (axis) => pad(a, { axis, before: 1, after: 1 }),
    // Its sum is what looks for the axis.
    "": (axis) => l2Normalize(a, axis),
  };
  refuses(
    Object.entries(along).flatMap(([name, f]) =>
      [2, -3, 0.5].map((axis): Attempt => [
        name,
        () => f(axis),
        RangeError,
        [name, "-2 to 1", "found"],
      ])
    ),
  );
  refuses([
    ["sum", () => sum(a, [0, -2]), RangeError, ["ReduceSum", "different axes", "[0, 0]"]],
  ]);
});

Deno.test("crossEntropy: refuses labels that do not fit the logits", () => {
  refuses([
    ["labels", () => crossEntropy(a, [1]), TypeError, ["[2, 3]", "1 labels"]],
    ["rows", () => crossEntropy(row), TypeError, ["[rows, classes]", "[3]"]],
    ["class", () => crossEntropy(a, [0, 3]), RangeError, ["label 3 of row 1", "3 classes"]],
    ["default", () => crossEntropy(b), RangeError, ["label 2 of row 2", "2 classes"]],
  ]);
});

Deno.test("softmax: refuses integers", () => {
  refuses([
    ["softmax", () => softmax(whole), TypeError, ["Softmax", "floating-point", "int64"]],
    ["logSoftmax", () => logSoftmax(whole), TypeError, ["logSoftmax", "floating-point", "int64"]],
  ]);
});

Deno.test("input and constant: refuse names, shapes and values that do not fit", () => {
  refuses([
    ["input without a name", () => input("", "float32", [1]), RangeError, ["name"]],
    ["input", () => input("x", "float32", [2, -1]), RangeError, ['"x"', "[2, -1]"]],
    ["input, a fraction", () => input("x", "float32", [1.5]), RangeError, ["[1.5]"]],
    ["constant", () => constant([1, 2, 3], [2]), TypeError, ["[2]", "2 values", "3"]],
    ["int64 of a fraction", () => constant([0.5], [1], "int64"), RangeError, ["0.5"]],
    ["int32 of a fraction", () => constant([0.5], [1], "int32"), RangeError, ["int32", "0.5"]],
    ["uint8 out of range", () => constant([256], [1], "uint8"), RangeError, ["uint8", "256"]],
    ["a number's type", () => add(whole, 0.5), RangeError, ["int64", "0.5"]],
  ]);
});
