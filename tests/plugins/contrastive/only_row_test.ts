import { expect } from "expect";
import { input } from "../../../core/graph/node.ts";
import { onlyRow } from "../../../plugins/contrastive/only_row.ts";

Deno.test("onlyRow: one a row as a matrix, more refused by what was expected", () => {
  expect(onlyRow(input("x", "float32", [3, 1, 8]), "loss: expected 1 caption").shape)
    .toEqual([3, 8]);
  expect(() => onlyRow(input("x", "float32", [3, 2, 8]), "loss: expected 1 caption"))
    .toThrow(new TypeError("loss: expected 1 caption a row, found 2"));
});
