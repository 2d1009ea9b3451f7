import { expect } from "expect";
import { constant } from "../../../core/graph/node.ts";
import { gridRotary, rotate } from "../../../core/nn/rotary.ts";
import { relativeDifference } from "../../helpers/compare.ts";
import { evaluateGraph } from "../../helpers/evaluate_graph.ts";

Deno.test("gridRotary: products depend on how far apart two patches are, and on nothing else", async () => {
  const [grid, depth, before] = [3, 8, 1];
  const tokens = before + grid * grid;
  const one = Array.from({ length: depth }, (_, i) => Math.sin(i + 1));
  const x = constant(Array.from({ length: tokens }, () => one).flat(), [1, 1, tokens, depth]);
  const turned = await evaluateGraph(rotate(x, gridRotary({ grid, depth, before })));
  const row = (patch: number) =>
    turned.slice((before + patch) * depth, (before + patch + 1) * depth);
  const product = (a: number, b: number) =>
    row(a).reduce((sum, value, i) => sum + value * row(b)[i]!, 0);
  // One to the right of it, in the first row and in the last; one below, at the left and at the right.
  expect(product(0, 1)).toBeCloseTo(product(7, 8), 5);
  expect(product(0, 3)).toBeCloseTo(product(5, 8), 5);
  expect(Math.abs(product(0, 1) - product(0, 2))).toBeGreaterThan(1e-2);
  // What stands before the patches, and the first patch, are not turned.
  expect(relativeDifference(turned.slice(0, 2 * depth), [...one, ...one])).toBeLessThan(1e-6);
});

Deno.test("gridRotary: places are those of the grid that weights were trained on", async () => {
  // Of a head with one band for rows and one for columns, column 1 of 2 stands where 8 of 16 did.
  const x = constant(Array(4).fill([0, 0, 1, 0]).flat(), [1, 1, 4, 4]);
  const rotary = gridRotary({ grid: 2, reference: 16, depth: 4, before: 0 });
  const turned = await evaluateGraph(rotate(x, rotary));
  expect(relativeDifference(turned.slice(4, 8), [0, 0, Math.cos(8), Math.sin(8)])).toBeLessThan(
    1e-5,
  );
});
