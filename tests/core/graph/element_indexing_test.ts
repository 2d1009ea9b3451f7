import { expect } from "expect";
import { alongAxis } from "../../../core/graph/along_axis.ts";
import {
  gatherElements,
  gatherNd,
  scatterElements,
  scatterNd,
} from "../../../core/graph/element_indexing.ts";
import { constant, constantOfBytes, indices } from "../../../core/graph/node.ts";
import { atan, cos, sin } from "../../../core/graph/trigonometry.ts";
import { evaluateGraph } from "../../helpers/evaluate_graph.ts";

const x = constant([1, 2, 3, 4, 5, 6], [2, 3]);

Deno.test("gatherElements, gatherNd: positions count from the end where they are negative", async () => {
  const rows = constant([1, -2, 0], [1, 3], "int64");
  expect(await evaluateGraph(gatherElements(x, rows, 0))).toEqual([4, 2, 3]);
  expect(await evaluateGraph(gatherNd(x, constant([0, -1, 1, 0], [2, 2], "int64"))))
    .toEqual([3, 4]);
  expect(await evaluateGraph(gatherNd(x, constant([-1], [1, 1], "int64")))).toEqual([4, 5, 6]);
});

Deno.test("scatterElements, scatterNd: written values stand there, and infinite ones elsewhere stay", async () => {
  const base = constant([Infinity, 2, 3], [3]);
  const updates = constant([7], [1]);
  const written = (reduction: "none" | "add") =>
    evaluateGraph(scatterElements(base, indices([1]), updates, { axis: 0, reduction }));
  expect(await written("none")).toEqual([Infinity, 7, 3]);
  expect(await written("add")).toEqual([Infinity, 9, 3]);
  const places = constant([1], [1, 1], "int64");
  const row = constant([9, 9, 9], [1, 3]);
  expect(await evaluateGraph(scatterNd(x, places, row, "none"))).toEqual([1, 2, 3, 9, 9, 9]);
});

Deno.test("gatherElements: shapes that do not fit are refused", () => {
  expect(() => gatherElements(x, indices([0]), 0))
    .toThrow(new TypeError("GatherElements: positions [1] do not fit [2, 3]"));
  expect(() => gatherNd(x, constant([0, 0, 0], [1, 3], "int64"))).toThrow(/GatherND/);
});

Deno.test("alongAxis: a matrix along any axis", async () => {
  const sums = [[1, 1, 0], [0, 1, 1]];
  expect(await evaluateGraph(alongAxis(x, 1, sums))).toEqual([3, 5, 9, 11]);
  expect(await evaluateGraph(alongAxis(x, 0, [[1, -1]]))).toEqual([-3, -3, -3]);
  expect(await evaluateGraph(alongAxis(constant([1, 2, 4], [3]), 0, sums))).toEqual([3, 6]);
});

Deno.test("sin, cos, atan: known angles", async () => {
  const angles = constant([0, Math.PI / 6, Math.PI / 2], [3], "float64");
  const [a, b, c] = await evaluateGraph(sin(angles));
  expect([a, c]).toEqual([0, 1]);
  expect(b).toBeCloseTo(0.5, 12);
  expect((await evaluateGraph(cos(angles)))[1]).toBeCloseTo(Math.sqrt(3) / 2, 6);
  expect((await evaluateGraph(atan(constant([1], []))))[0]).toBeCloseTo(Math.PI / 4, 6);
});

Deno.test("constantOfBytes: the values of little-endian bytes", async () => {
  const bytes = new Uint8Array(Float32Array.of(1.5, -2).buffer);
  expect(await evaluateGraph(constantOfBytes(bytes, [2], "float32"))).toEqual([1.5, -2]);
});
