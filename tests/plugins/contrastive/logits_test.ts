import { expect } from "expect";
import { constant } from "../../../core/graph/node.ts";
import { logitsOfAll, logitsOfOwn } from "../../../plugins/contrastive/logits.ts";
import { evaluateGraph } from "../../helpers/evaluate_graph.ts";

const s = constant([10], []);
const rows = constant([1, 0, 0, 1], [2, 2]);
const texts = constant([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2]);

Deno.test("logitsOfAll: every row with every text", async () => {
  const logits = logitsOfAll(rows, texts, s);
  expect(logits.shape).toEqual([2, 4]);
  expect(await evaluateGraph(logits)).toEqual([10, 30, 50, 70, 20, 40, 60, 80]);
});

Deno.test("logitsOfOwn: every row with its own texts", async () => {
  const logits = logitsOfOwn(rows, texts, s);
  expect(logits.shape).toEqual([2, 2]);
  expect(await evaluateGraph(logits)).toEqual([10, 30, 60, 80]);
});
