import { expect } from "expect";
import { cast } from "../../../../core/graph/cast.ts";
import { equal, greater, less, not, where } from "../../../../core/graph/comparison.ts";
import {
  abs,
  add,
  div,
  maximum,
  minimum,
  mul,
  neg,
  pow,
  sqrt,
  sub,
} from "../../../../core/graph/elementwise.ts";
import { gather } from "../../../../core/graph/indexing.ts";
import { expand, reshape, sum, transpose } from "../../../../core/graph/linear.ts";
import { constant, indices, input, scalar } from "../../../../core/graph/node.ts";
import { binaryValues, broadcastValues } from "../../../../core/graph/onnx/broadcast_values.ts";
import { foldValues } from "../../../../core/graph/onnx/index_values.ts";
import { knownValues } from "../../../../core/graph/onnx/known_values.ts";
import { placesOf, stridesOf } from "../../../../core/graph/places.ts";
import { maxOfNumbers } from "../../../../core/graph/reduce.ts";
import { concat, slice, split } from "../../../../core/graph/shape.ts";
import { evaluateGraph } from "../../../helpers/evaluate_graph.ts";

const a = constant([3, -1, 4, 1, -5, 9], [2, 3]);
const b = constant([2, 7, 1], [3]);
const i = constant([7, -7, 9, 2, 2, -4], [2, 3], "int64");

Deno.test("knownValues: are those that the device computes", async () => {
  const graphs = [
    ...[add(a, b), sub(a, b), mul(a, b), div(a, b), maximum(a, b), minimum(b, a), pow(a, 2)],
    ...[neg(a), abs(a), sqrt(abs(a)), div(i, scalar(2, "int64")), mul(i, i)],
    ...[equal(i, i), greater(a, b), less(a, b), not(greater(a, b)), where(greater(a, b), a, b)],
    ...[cast(div(a, b), "int64"), cast(a, "bool"), cast(i, "float32")],
    ...[reshape(a, [3, 2]), transpose(a), expand(b, [2, 3]), concat([a, a], 1), concat([a, a], 0)],
    ...[slice(a, { axis: 1, start: 1, end: 3 }), split(a, [1, 2], 1)[1]!],
    ...[gather(a, indices([2, -1, 0]), 1), gather(a, constant([1, 0], [1, 2], "int64"))],
    ...[sum(a, [0]), sum(a), maxOfNumbers(a, [1])],
  ];
  for (const graph of graphs) {
    expect([graph.node.op, knownValues(graph)])
      .toEqual([graph.node.op, await evaluateGraph(graph)]);
  }
});

Deno.test("knownValues: of what depends on an input there are none", () => {
  const x = input("x", "float32", [3]);
  expect(knownValues(add(x, b))).toBeUndefined();
  // But its shape is known, whatever it holds.
  expect(knownValues(indices(x.shape))).toEqual([3]);
});

Deno.test("knownValues: a place outside of an axis is refused", () => {
  expect(() => knownValues(gather(b, indices([3])))).toThrow(
    new RangeError("Gather: expected positions from -3 to 2, found 3"),
  );
});

Deno.test("broadcastValues, binaryValues, foldValues: as NumPy stretches and adds up", () => {
  expect(broadcastValues([1, 2], [2, 1], [2, 3])).toEqual([1, 1, 1, 2, 2, 2]);
  expect(binaryValues((x, y) => x * y, [[2, 1], [3], [2, 3]], [1, 2], [1, 10, 100]))
    .toEqual([1, 10, 100, 2, 20, 200]);
  expect(foldValues([1, 2, 3, 4, 5, 6], [2, 3], [-1], [0, (x, y) => x + y])).toEqual([6, 15]);
});

Deno.test("stridesOf, placesOf: row-major order, also of nothing", () => {
  expect(stridesOf([2, 3, 4])).toEqual([12, 4, 1]);
  expect(placesOf([2, 3], [3, 1])).toEqual([0, 1, 2, 3, 4, 5]);
  expect(placesOf([2, 0], [0, 1])).toEqual([]);
  expect(placesOf([], [])).toEqual([0]);
});
