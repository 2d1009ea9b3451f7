import { expect } from "expect";
import { add, exp, mul, neg } from "../../../core/graph/elementwise.ts";
import { input } from "../../../core/graph/node.ts";
import { rewrite } from "../../../core/graph/rewrite.ts";
import { split } from "../../../core/graph/shape.ts";
import { topologicalOrder } from "../../../core/graph/topology.ts";

const x = input("x", "float32", [4]);

Deno.test("rewrite: leaves nodes as they are where nothing before them changes", () => {
  const [kept, y] = [exp(x), mul(neg(x), exp(x))];
  const [same, changed] = rewrite(
    [kept, y],
    ({ op, inputs }) => op === "Neg" ? [add(inputs[0]!, 1)] : undefined,
  );
  expect(same).toBe(kept);
  const ops = topologicalOrder([changed!]).map(({ op }) => op);
  expect(ops).toEqual(["input", "constant", "Add", "Exp", "Mul"]);
  expect(changed!.shape).toEqual([4]);
});

Deno.test("rewrite: a node whose outputs are used in several places is changed once", () => {
  const [a, b] = split(exp(x), [1, 3], 0);
  let calls = 0;
  const [left, right] = rewrite([a!, b!], ({ op, inputs }) => {
    if (op !== "Exp") return undefined;
    calls++;
    return [neg(inputs[0]!)];
  });
  expect(calls).toBe(1);
  expect(left!.node).toBe(right!.node);
  expect(right!.shape).toEqual([3]);
  expect(rewrite([], () => undefined)).toEqual([]);
});
