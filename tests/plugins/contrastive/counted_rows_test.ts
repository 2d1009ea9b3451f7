import { expect } from "expect";
import { constant, input } from "../../../core/graph/node.ts";
import { everyRow, onlyRows, rowsAt } from "../../../plugins/contrastive/counted_rows.ts";
import { evaluateGraph } from "../../helpers/evaluate_graph.ts";

Deno.test("rowsAt: the embeddings in a place, and which are there", async () => {
  const embeddings = constant([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2]);
  const { rows, counted } = rowsAt(embeddings, constant([1, 1, 1, 0], [2, 2]), 1);
  expect([rows.shape, counted.shape]).toEqual([[2, 2], [2]]);
  expect(await evaluateGraph(rows)).toEqual([3, 4, 7, 8]);
  expect(await evaluateGraph(counted)).toEqual([1, 0]);
});

Deno.test("everyRow: all count", async () =>
  expect(await evaluateGraph(everyRow(constant([1, 2, 3], [3, 1])).counted)).toEqual([1, 1, 1]));

Deno.test("onlyRows: one a row, more refused by what was expected", () => {
  const group = (count: number) =>
    [input("x", "float32", [3, count, 8]), input("there", "float32", [3, count])] as const;
  expect(onlyRows(...group(1), "loss: expected 1 caption").rows.shape).toEqual([3, 8]);
  expect(() => onlyRows(...group(2), "loss: expected 1 caption"))
    .toThrow(new TypeError("loss: expected 1 caption a row, found 2"));
});
