import { expect } from "expect";
import { constant } from "../../../core/graph/node.ts";
import { mixValues, queriesKeysValues } from "../../../core/nn/attention.ts";
import { relativeDifference } from "../../helpers/compare.ts";
import { evaluateGraph } from "../../helpers/evaluate_graph.ts";

Deno.test("mixValues: one query weighs values by the softmax of its scores, head by head", async () => {
  // Two heads of one channel each. Head 0: scores 2·0 and 2·1; head 1: −1·3 and −1·3.
  const queries = constant([2, -1], [1, 2]);
  const keys = constant([0, 3, 1, 3], [2, 2]);
  const values = constant([10, 4, 20, 8], [2, 2]);
  const found = await evaluateGraph(mixValues([queries, keys, values], { batch: 1, heads: 2 }));
  const second = Math.exp(2) / (1 + Math.exp(2));
  expect(relativeDifference(found, [10 * (1 - second) + 20 * second, 6])).toBeLessThan(1e-6);
});

Deno.test("mixValues: what the mask forbids has no weight", async () => {
  const one = constant([1, 1], [2, 1]);
  const values = constant([5, 7], [2, 1]);
  const mask = constant([0, -Infinity, 0, 0], [2, 2]);
  const found = await evaluateGraph(mixValues([one, one, values], { batch: 1, heads: 1, mask }));
  expect(found).toEqual([5, 6]);
});

Deno.test("queriesKeysValues: a joint matrix with biases for queries and values alone", async () => {
  const parameters: Record<string, ReturnType<typeof constant>> = {
    w: constant([2, 3, 5], [3, 1]),
    q: constant([10], [1]),
    v: constant([20], [1]),
  };
  const x = constant([1, 2], [2, 1]);
  const names = { attention: { weight: "w", biases: ["q", "v"] as const } };
  const parts = queriesKeysValues(x, x, names, (name) => parameters[name]!);
  const found = await Promise.all(parts.map(evaluateGraph));
  expect(found).toEqual([[12, 14], [3, 6], [25, 30]]);
  // The same where one row alone asks.
  const [queries, keys] = queriesKeysValues(
    constant([4], [1, 1]),
    x,
    names,
    (name) => parameters[name]!,
  );
  expect([await evaluateGraph(queries), await evaluateGraph(keys)]).toEqual([[18], [3, 6]]);
});
