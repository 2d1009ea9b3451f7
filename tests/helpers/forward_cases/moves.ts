import { expand, reshape, sum, transpose } from "../../../core/graph/linear.ts";
import { add, mul } from "../../../core/graph/elementwise.ts";
import { cast } from "../../../core/graph/cast.ts";
import { concat, pad, slice, split } from "../../../core/graph/shape.ts";
import { constant, indices, ones, zeros } from "../../../core/graph/node.ts";
import { gather, scatterAdd } from "../../../core/graph/indexing.ts";
import { at, flipped, shaped, tabulate, values, zip } from "../reference_math.ts";
import type { ForwardCase } from "./forward_case.ts";
import { column, cube, matrix, square2, tall } from "./samples.ts";

/** Operators that move values, and constants. */
export const moves: readonly ForwardCase[] = [
  {
    name: "gather along 0",
    inputs: [tall, values([4], [2, 0, 2, 1], "int64")],
    f: (x, positions) => gather(x, positions),
    expected: values([4, 2], [-3, 4, 1, -1, -3, 4, 0.5, 2]),
  },
  {
    name: "gather along -1 by a matrix of int32",
    inputs: [matrix, values([2, 2], [2, 0, 1, 1], "int32")],
    f: (x, positions) => gather(x, positions, -1),
    expected: values([2, 2, 2], [0.25, 1.5, -2, -2, 0, 3, -0.5, -0.5]),
  },
  {
    name: "gather of one position",
    inputs: [matrix],
    f: (x) => gather(x, constant([1], [], "int64")),
    expected: values([3], [3, -0.5, 0]),
  },
  {
    name: "scatterAdd, repeated rows",
    inputs: [tall, values([4], [2, 0, 2, 2], "int64"), values([4, 2], [1, 2, 3, 4, 5, 6, 7, 8])],
    f: scatterAdd,
    // Row 0 gets [3, 4], row 2 gets [1 + 5 + 7, 2 + 6 + 8].
    expected: values([3, 2], [4, 3, 0.5, 2, 10, 20]),
  },
  {
    name: "slice",
    inputs: [tall],
    f: (x) => slice(x, { axis: 0, start: 1, end: 3 }),
    expected: values([2, 2], [0.5, 2, -3, 4]),
  },
  {
    name: "slice from the end",
    inputs: [matrix],
    f: (x) => slice(x, { axis: -1, start: -3, end: -1 }),
    expected: values([2, 2], [1.5, -2, 3, -0.5]),
  },
  {
    name: "pad",
    inputs: [square2],
    f: (x) => pad(pad(x, { axis: -1, before: 1, after: 2 }), { axis: 0, before: 0, after: 1 }),
    expected: values([3, 5], [0, 1, 2, 0, 0, 0, 3, 4, 0, 0, 0, 0, 0, 0, 0]),
  },
  {
    name: "concat",
    inputs: [column, square2, column],
    f: (a, b, c) => concat([a, b, c], -1),
    expected: values([2, 4], [3, 1, 2, 3, -0.25, 3, 4, -0.25]),
  },
  {
    name: "split",
    inputs: [matrix],
    f: (x) => split(x, [1, 2], -1)[1]!,
    expected: values([2, 2], [-2, 0.25, -0.5, 0]),
  },
  { name: "transpose", inputs: [matrix], f: (x) => transpose(x), expected: flipped(matrix) },
  {
    name: "transpose of 3 axes",
    inputs: [cube],
    f: (x) => transpose(x, [2, 0, 1]),
    // Output axis i is input axis permutation[i].
    expected: tabulate([3, 2, 2], ([a, b, c]) => at(cube, [b!, c!, a!])),
  },
  {
    name: "transpose twice",
    inputs: [cube],
    f: (x) => transpose(transpose(x, [2, 0, 1])),
    expected: tabulate([3, 2, 2], ([a, b, c]) => at(cube, [c!, b!, a!])),
  },
  {
    name: "reshape with what is left over",
    inputs: [cube],
    f: (x) => reshape(x, [3, -1, 2]),
    expected: shaped(cube, [3, 2, 2]),
  },
  {
    name: "reshape of nothing",
    inputs: [values([0, 3], [])],
    // The sum of no rows is 0.
    f: (x) => add(sum(reshape(x, [2, 0, 3]), [1]), 1),
    expected: values([2, 3], [1, 1, 1, 1, 1, 1]),
  },
  {
    name: "expand",
    inputs: [column],
    f: (x) => expand(x, [2, 2, 3]),
    expected: zip([2, 2, 3], column, column, (x) => x),
  },
  {
    name: "zeros and ones, small and large",
    inputs: [values([], [2])],
    f: (x) => concat([zeros([2]), mul(ones([2]), x), sum(mul(ones([9, 9]), x), [0])], 0),
    expected: values([13], [0, 0, 2, 2, ...new Array(9).fill(18)]),
  },
  {
    name: "indices and constants of every type",
    inputs: [values([], [0.5])],
    f: (x) =>
      concat([
        cast(indices([-1, 5]), "float32"),
        cast(constant([3, -4], [2], "int32"), "float32"),
        cast(constant([0, 255], [2], "uint8"), "float32"),
        cast(constant([2, 0], [2], "bool"), "float32"),
        add(constant([1, 2], [2]), x),
      ], 0),
    expected: values([10], [-1, 5, 3, -4, 0, 255, 1, 0, 1.5, 2.5]),
  },
];
