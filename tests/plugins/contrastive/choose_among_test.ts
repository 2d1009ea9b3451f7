import { expect } from "expect";
import { constant } from "../../../core/graph/node.ts";
import { chooseAmong } from "../../../plugins/contrastive/choose_among.ts";
import { evaluateGraph } from "../../helpers/evaluate_graph.ts";

const s = constant([2], []);
const rows = (values: readonly number[], counted: readonly number[]) => ({
  rows: constant(values, [counted.length, 2]),
  counted: constant(counted, [counted.length]),
});

Deno.test("chooseAmong: among all right and wrong rows that count; the mean over what has its right one", async () => {
  // Rows 1 and 2 at right angles, each like its right one; row 3 counts, its right one does not. s = 2.
  const of = rows([1, 0, 0, 1, 1, 0], [1, 1, 1]);
  const right = rows([1, 0, 0, 1, 1, 0], [1, 1, 0]);
  const [alone] = await evaluateGraph(chooseAmong(s, of, right));
  expect(alone).toBeCloseTo(Math.log(1 + Math.exp(-2)), 6);
  // A wrong one like row 1 has its half of that choice, and meets row 2 at a right angle.
  const wrong = rows([1, 0, 0, 1, 0, 1], [1, 0, 0]);
  const [among] = await evaluateGraph(chooseAmong(s, of, right, wrong));
  const expected = (Math.log(2 + Math.exp(-2)) + Math.log(1 + 2 * Math.exp(-2))) / 2;
  expect(among).toBeCloseTo(expected, 6);
  const [none] = await evaluateGraph(chooseAmong(s, rows([1, 0], [0]), rows([1, 0], [1])));
  expect(none).toBeCloseTo(0, 12);
});
