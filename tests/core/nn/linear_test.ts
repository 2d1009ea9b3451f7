import { expect } from "expect";
import { constant } from "../../../core/graph/node.ts";
import { activate } from "../../../core/nn/activate.ts";
import { linear, norm, project } from "../../../core/nn/linear.ts";
import { linearNames } from "../../../core/nn/parameter_names.ts";
import { patchRows } from "../../../core/nn/patch_rows.ts";
import { relativeDifference } from "../../helpers/compare.ts";
import { evaluateGraph } from "../../helpers/evaluate_graph.ts";

const parameters: Readonly<Record<string, ReturnType<typeof constant>>> = {
  "a.weight": constant([1, 2, 3, 4, 5, 6], [3, 2]),
  "a.bias": constant([10, 20, 30], [3]),
  "gain": constant([2, 2], [2]),
};
const parameter = (name: string) => parameters[name]!;

Deno.test("linear: x · weightᵀ + bias, by names that end in weight and bias", async () => {
  const x = constant([1, -1], [1, 2]);
  expect(linearNames("a")).toEqual({ weight: "a.weight", bias: "a.bias" });
  expect(await evaluateGraph(linear(x, linearNames("a"), parameter))).toEqual([9, 19, 29]);
  expect(await evaluateGraph(linear(x, { weight: "a.weight" }, parameter))).toEqual([-1, -1, -1]);
});

Deno.test("project: either way round, with a bias where there is one", async () => {
  const name = "a.weight";
  const x = constant([1, 1, 1], [1, 3]);
  expect(await evaluateGraph(project(x, { name, layout: "width-dim" }, parameter))).toEqual([
    9,
    12,
  ]);
  const y = constant([1, 1], [1, 2]);
  expect(await evaluateGraph(project(y, { name, layout: "dim-width", bias: "a.bias" }, parameter)))
    .toEqual([13, 27, 41]);
});

Deno.test("norm: without a bias nothing is added", async () => {
  // Mean 0, variance 1.
  const found = await evaluateGraph(
    norm(constant([1, -1], [1, 2]), { weight: "gain" }, parameter, 0),
  );
  expect(found).toEqual([2, -2]);
});

Deno.test("activate: GELU by the hyperbolic tangent, and SiLU", async () => {
  const xs = [-3, -0.5, 0, 1, 2.5];
  const x = constant(xs, [xs.length]);
  const tanh = xs.map((x) =>
    x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))
  );
  const silu = xs.map((x) => x / (1 + Math.exp(-x)));
  expect(relativeDifference(await evaluateGraph(activate(x, "gelu_tanh")), tanh)).toBeLessThan(
    1e-6,
  );
  expect(relativeDifference(await evaluateGraph(activate(x, "silu")), silu)).toBeLessThan(1e-6);
});

Deno.test("patchRows: a row a square, channel by channel", async () => {
  // Channel c, row y, column x holds 100c + 10y + x; of 2 × 2 patches the second is columns 2 and 3.
  const pixels = Array.from({ length: 3 * 16 }, (_, i) => {
    const [channel, row, column] = [Math.floor(i / 16), Math.floor(i / 4) % 4, i % 4];
    return 100 * channel + 10 * row + column;
  });
  const found = await evaluateGraph(patchRows(constant(pixels, [1, 3, 4, 4]), 2, 2));
  expect(found.slice(12, 24)).toEqual([2, 3, 12, 13, 102, 103, 112, 113, 202, 203, 212, 213]);
});
