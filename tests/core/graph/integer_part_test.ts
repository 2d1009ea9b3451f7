import { expect } from "expect";
import { cast } from "../../../core/graph/cast.ts";
import { greater, where } from "../../../core/graph/comparison.ts";
import { add, exp, mul } from "../../../core/graph/elementwise.ts";
import { gather } from "../../../core/graph/indexing.ts";
import { partIntegers } from "../../../core/graph/integer_part.ts";
import { reshape, sum } from "../../../core/graph/linear.ts";
import { constant, input, ones } from "../../../core/graph/node.ts";
import { nodeOperators } from "../../helpers/onnx_inspection.ts";

const ends = input("ends", "int64", [2]);
const table = input("table", "float32", [6, 4]);

Deno.test("partIntegers: what is made of integers alone goes before, the rest takes its results", () => {
  // As a text tower reads the rows of its end tokens, and masks what comes after them.
  const rows = add(ends, constant([0, 3], [2], "int64"));
  const place = constant([0, 1, 2], [1, 3]);
  const later = where(greater(place, reshape(cast(ends, "float32"), [2, 1])), 5, constant([0], []));
  const outputs = { found: gather(table, rows), later };
  const { integers, rest } = partIntegers({ inputs: [table, ends], outputs });
  expect(nodeOperators(integers!).toSorted()).toEqual(["Add", "Cast"]);
  expect(integers!.inputs).toEqual([ends]);
  expect(nodeOperators(rest).toSorted()).toEqual(["Gather", "Greater", "Reshape", "Where"]);
  expect(rest.inputs.map(({ dtype, shape }) => [dtype, shape])).toEqual([
    ["float32", [6, 4]],
    ["int64", [2]],
    ["float32", [2]],
  ]);
  expect(rest.inputs[0]).toBe(table);
});

Deno.test("partIntegers: integers that are used as they come, constants and real numbers stay", () => {
  const graphs = [
    { found: gather(table, ends) },
    { total: sum(mul(exp(table), ones([6, 4]))) },
    { fixed: gather(table, add(constant([1, 2], [2], "int64"), 1)) },
  ];
  for (const outputs of graphs) {
    const parted = partIntegers({ inputs: [table, ends], outputs });
    expect(parted.integers).toBeUndefined();
    expect(parted.rest.outputs).toBe(outputs);
  }
});

Deno.test("partIntegers: a result of the whole may be one of the integers", () => {
  const { integers, rest } = partIntegers({
    inputs: [ends],
    outputs: { next: add(ends, 1), float: cast(ends, "float32") },
  });
  expect(nodeOperators(integers!).toSorted()).toEqual(["Add", "Cast"]);
  expect(nodeOperators(rest)).toEqual(["Identity", "Identity"]);
});

Deno.test("partIntegers: of integers that follow from each other, each goes before", () => {
  const rows = add(ends, 1);
  const next = add(rows, 1);
  const outputs = { a: gather(table, rows), b: gather(table, next) };
  const { integers, rest } = partIntegers({ inputs: [table, ends], outputs });
  expect(nodeOperators(integers!)).toEqual(["Add", "Add"]);
  expect(nodeOperators(rest)).toEqual(["Gather", "Gather"]);
  expect(rest.inputs.map(({ node }) => node.inputName))
    .toEqual(["table", "what is made of ends (0)", "what is made of ends (1)"]);
});
