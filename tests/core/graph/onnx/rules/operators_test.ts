import { arithmeticRules } from "../../../../../core/graph/onnx/rules/arithmetic.ts";
import { attendingRules } from "../../../../../core/graph/onnx/rules/attending.ts";
import { choosingRules } from "../../../../../core/graph/onnx/rules/choosing.ts";
import { convolvingRules } from "../../../../../core/graph/onnx/rules/convolving.ts";
import { functionRules } from "../../../../../core/graph/onnx/rules/functions.ts";
import { lossRules } from "../../../../../core/graph/onnx/rules/losses.ts";
import { makingRules } from "../../../../../core/graph/onnx/rules/making.ts";
import { normalizingRules } from "../../../../../core/graph/onnx/rules/normalizing.ts";
import { placeRules } from "../../../../../core/graph/onnx/rules/places.ts";
import { poolingRules } from "../../../../../core/graph/onnx/rules/pooling.ts";
import { productRules } from "../../../../../core/graph/onnx/rules/products.ts";
import { reducingRules } from "../../../../../core/graph/onnx/rules/reducing.ts";
import { resizingRules } from "../../../../../core/graph/onnx/rules/resizing.ts";
import { shapeRules } from "../../../../../core/graph/onnx/rules/shapes.ts";
import { checkOperators } from "../../../../helpers/onnx_operators.ts";
import { rules } from "../../../../../core/graph/onnx/operators.ts";
import { expect } from "expect";

const tables = {
  arithmeticRules,
  attendingRules,
  choosingRules,
  convolvingRules,
  functionRules,
  lossRules,
  makingRules,
  normalizingRules,
  placeRules,
  poolingRules,
  productRules,
  reducingRules,
  resizingRules,
  shapeRules,
};

for (const [name, table] of Object.entries(tables)) {
  Deno.test(`${name}: agree with ONNX's reference, PyTorch's gradients and finite differences`, () =>
    checkOperators(table));
}

Deno.test("rules: hold every table, no operator in two", () => {
  const names = Object.values(tables).flatMap((table) => Object.keys(table));
  expect(names.toSorted()).toEqual(Object.keys(rules).toSorted());
});
