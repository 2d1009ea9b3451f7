import { expect } from "expect";
import { constant } from "../../../../../core/graph/node.ts";
import { importGraph } from "../../../../../core/graph/onnx/import_graph.ts";
import { parseModel } from "../../../../../core/graph/onnx/parse_model.ts";
import { evaluateGraph } from "../../../../helpers/evaluate_graph.ts";
import { type NodeOfTest, onnxBytes } from "../../../../helpers/onnx_model.ts";

// Operators as they were before set 13. Values are those of ONNX Runtime 1.32.
const x = constant([0, 1, 2, 3, 1, 0, 2, 1], [2, 2, 2]);

function results(nodes: readonly NodeOfTest[], opset: number, outputs = ["y"]) {
  const model = parseModel(
    onnxBytes({
      nodes,
      inputs: { x: [2, 2, 2] },
      outputs: Object.fromEntries(outputs.map((name) => [name, []])),
      opset,
    }),
    "model",
  );
  return importGraph(model, { inputs: new Map([["x", x]]) });
}

async function values(node: NodeOfTest, opset: number): Promise<readonly number[]> {
  return [...await evaluateGraph(results([node], opset).get("y")!)];
}

function expectNear(found: readonly number[], expected: readonly number[]): void {
  expect(found.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, 6);
}

Deno.test("Softmax, LogSoftmax, Hardmax: over all axes from the second on before set 13", async () => {
  // deno-fmt-ignore
  const softmax = [0.0320586, 0.0871443, 0.2368828, 0.6439143, 0.1966119, 0.0723295, 0.5344467, 0.1966119];
  expectNear(await values(["Softmax", ["x"], ["y"]], 11), softmax);
  expectNear(await values(["LogSoftmax", ["x"], ["y"]], 11), softmax.map(Math.log));
  expect(await values(["Hardmax", ["x"], ["y"]], 11)).toEqual([0, 0, 0, 1, 0, 0, 1, 0]);
  // deno-fmt-ignore
  expectNear(await values(["Softmax", ["x"], ["y"], { axis: 0 }], 12), [
    0.0222131, 0.0603814, 0.1641338, 0.4461619, 0.0603814, 0.0222131, 0.1641338, 0.0603814,
  ]);
  // Along the last axis both are the same: 1 / (1 + e) and e / (1 + e).
  const pair = [0.2689414, 0.7310586];
  const last = [...pair, ...pair, ...pair.toReversed(), ...pair.toReversed()];
  expectNear(await values(["Softmax", ["x"], ["y"], { axis: -1 }], 11), last);
  expectNear(await values(["Softmax", ["x"], ["y"]], 13), last);
});

Deno.test("Squeeze, Unsqueeze, Split: axes and lengths as attributes before set 13", async () => {
  const found = results(
    [
      ["Unsqueeze", ["x"], ["u"], { axes: [-1, 0] }],
      ["Squeeze", ["u"], ["s"], { axes: [0] }],
      ["Squeeze", ["s"], ["t"]],
      ["Split", ["t"], ["y", "z"], { axis: 1, split: [1, 1] }],
    ],
    11,
    ["u", "s", "y", "z"],
  );
  expect(["u", "s"].map((name) => found.get(name)!.shape)).toEqual([[1, 2, 2, 2, 1], [2, 2, 2, 1]]);
  expect(await evaluateGraph(found.get("y")!)).toEqual([0, 1, 1, 0]);
  expect(await evaluateGraph(found.get("z")!)).toEqual([2, 3, 2, 1]);
  expect(() => results([["Unsqueeze", ["x"], ["y"]]], 12)).toThrow("expected axes, found none");
  expect(() => results([["Squeeze", ["x"], ["y"], { axes: [0] }]], 13))
    .toThrow('no other attributes than are known, found "axes"');
});

Deno.test("BatchNormalization: before set 14, whose statistics of the batch are asked for trains", () => {
  const norm = (outputs: readonly string[]): readonly NodeOfTest[] => [
    ["Constant", [], ["ones"], { value_ints: [1, 1] }],
    ["Cast", ["ones"], ["c"], { to: 1 }],
    ["BatchNormalization", ["x", "c", "c", "c", "c"], outputs],
  ];
  expect(results(norm(["y"]), 13).get("y")!.shape).toEqual([2, 2, 2]);
  for (const opset of [11, 13]) {
    expect(() => results(norm(["y", "mean", "variance"]), opset)).toThrow(
      "expected a norm by statistics that are given, found training mode",
    );
  }
});
