import { expect } from "expect";
import { gelu, geluTanh } from "../../../../../core/graph/activation.ts";
import { isNaNumber, where } from "../../../../../core/graph/comparison.ts";
import { add, div, erf, mul, sigmoid, sub, tanh } from "../../../../../core/graph/elementwise.ts";
import { gradient } from "../../../../../core/graph/gradient.ts";
import { sum } from "../../../../../core/graph/linear.ts";
import { constant, input } from "../../../../../core/graph/node.ts";
import {
  recognizeMaskedSoftmax,
  recognizeProduct,
} from "../../../../../core/graph/onnx/rules/patterns.ts";
import { plain } from "../../../../../core/graph/onnx/rules/plain.ts";
import { scalarValue } from "../../../../../core/graph/onnx/rules/scalar_value.ts";
import { softmax } from "../../../../../core/graph/softmax.ts";
import type { Tensor } from "../../../../../core/graph/tensor.ts";
import { toModel } from "../../../../../core/graph/to_model.ts";
import { evaluateGraph } from "../../../../helpers/evaluate_graph.ts";

const x = input("x", "float32", [2, 3]);
const y = input("y", "float32", [2, 3]);

const erfGate = (u: Tensor) => add(erf(div(u, Math.SQRT2)), 1);
const cubic = (u: Tensor) => mul(add(u, mul(mul(mul(u, u), u), 0.044715)), Math.sqrt(2 / Math.PI));
const tanhGate = (u: Tensor) => add(tanh(cubic(u)), 1);

/** The bytes of a graph's model: equal graphs have equal ones. */
const bytes = (tensor: Tensor) => toModel({ inputs: [x, y], outputs: { tensor } });

Deno.test("recognizeProduct: x·σ(1.702x) is one operator, another factor is none", () => {
  for (const product of [mul(x, sigmoid(mul(x, 1.702))), mul(sigmoid(mul(x, 1.702)), x)]) {
    expect(recognizeProduct(product)?.node.op).toBe("QuickGelu");
  }
  expect(recognizeProduct(mul(x, sigmoid(mul(x, 1.7))))).toBeUndefined();
  expect(recognizeProduct(mul(y, sigmoid(mul(x, 1.702))))).toBeUndefined();
});

Deno.test("recognizeProduct: GELU by erf or tanh, in the orders that exporters write", () => {
  const forms = (gate: Tensor) => [
    mul(mul(x, gate), 0.5),
    mul(mul(x, 0.5), gate),
    mul(x, mul(gate, 0.5)),
    mul(0.5, mul(gate, x)),
  ];
  for (const form of forms(erfGate(x))) {
    expect(bytes(recognizeProduct(form)!)).toEqual(bytes(gelu(x)));
  }
  for (const form of forms(tanhGate(x))) {
    expect(bytes(recognizeProduct(form)!)).toEqual(bytes(geluTanh(x)));
  }
  // Factored out, as it is computed here.
  expect(bytes(recognizeProduct(geluTanh(x))!)).toEqual(bytes(geluTanh(x)));
});

Deno.test("recognizeProduct: what looks like GELU and is none stays as it is", () => {
  const others = [
    mul(mul(x, erfGate(x)), 0.4),
    mul(mul(y, erfGate(x)), 0.5),
    mul(mul(x, add(erf(div(x, 1.5)), 1)), 0.5),
    mul(mul(x, add(erf(div(x, Math.SQRT2)), 2)), 0.5),
    mul(mul(x, add(tanh(x), 1)), 0.5),
    mul(mul(x, mul(x, erfGate(x))), 0.5),
  ];
  for (const other of others) expect(recognizeProduct(other)).toBeUndefined();
});

Deno.test("recognizeProduct: x that is a product itself", () => {
  const u = mul(x, y);
  expect(bytes(recognizeProduct(mul(mul(u, erfGate(u)), 0.5))!)).toEqual(bytes(gelu(u)));
});

Deno.test("recognizeMaskedSoftmax: rows without keys give nothing, and no NaN comes back", async () => {
  const scores = constant([-Infinity, -Infinity, 1, -Infinity], [2, 2]);
  const y = softmax(scores);
  const masked = recognizeMaskedSoftmax(isNaNumber(y), constant([0], []), y)!;
  expect(await evaluateGraph(masked)).toEqual([0, 0, 1, 0]);
  const plainly = where(isNaNumber(y), 0, y);
  expect(await evaluateGraph(gradient(sum(mul(plainly, 2)), [scores])[0]!))
    .toEqual([NaN, NaN, 0, 0]);
  expect(await evaluateGraph(gradient(sum(mul(masked, 2)), [scores])[0]!)).toEqual([0, 0, 0, 0]);
  expect(recognizeMaskedSoftmax(isNaNumber(y), constant([1], []), y)).toBeUndefined();
  expect(recognizeMaskedSoftmax(isNaNumber(scores), constant([0], []), y)).toBeUndefined();
});

Deno.test("scalarValue: of a constant of one value, and of nothing else", () => {
  expect(scalarValue(sub(constant([3], [1, 1]), 1))).toBe(2);
  expect(scalarValue(constant([1, 2], [2]))).toBeUndefined();
  expect(scalarValue(x)).toBeUndefined();
});

Deno.test("plain: no gradient flows through", () => {
  expect(plain("Floor", [x]).node.gradient).toBeUndefined();
});
