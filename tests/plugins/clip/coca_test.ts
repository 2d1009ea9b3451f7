import { expect } from "expect";
import { constant } from "../../../core/graph/node.ts";
import { createRandom } from "../../../core/random.ts";
import { cocaTextTower } from "../../../plugins/clip/coca_text_tower.ts";
import { customTextNames } from "../../../plugins/clip/names.ts";
import { clipTextShapes } from "../../../plugins/clip/parameters.ts";
import { poolByQuery } from "../../../plugins/clip/pool_by_query.ts";
import { relativeDifference } from "../../helpers/compare.ts";
import { evaluateGraph } from "../../helpers/evaluate_graph.ts";

const config = {
  ...{ dim: 4, activation: "gelu", epsilon: 1e-5 } as const,
  text: {
    ...{ context: 6, vocabulary: 20, width: 8, layers: 2, heads: 2, hidden: 16 },
    classToken: true,
  },
};

/** Values for parameters by their names. */
function drawn(shapes: readonly (readonly [string, readonly number[]])[]) {
  const random = createRandom(1);
  const values = new Map(shapes.map(([name, shape]) => {
    const length = shape.reduce((a, b) => a * b, 1);
    return [name, constant(Float32Array.from({ length }, () => random.normal()), shape)];
  }));
  return (name: string) => values.get(name)!;
}

Deno.test("cocaTextTower: texts may be cut at the end of the longest", async () => {
  const parameter = drawn(clipTextShapes(config, customTextNames));
  const tower = cocaTextTower(config, customTextNames);
  const of = (ids: readonly number[]) =>
    evaluateGraph(
      tower.encode(
        constant(ids, [1, ids.length], "int64"),
        constant([2], [1], "int64"),
        parameter,
      ),
    );
  const cut = await of([3, 9, 7]);
  expect(relativeDifference(await of([3, 9, 7, 0, 0, 0]), cut)).toBeLessThan(1e-5);
  expect(relativeDifference(await of([3, 9, 8]), cut)).toBeGreaterThan(1e-3);
});

Deno.test("poolByQuery: the first query alone counts, and rows in whatever order", async () => {
  const names = customTextNames.image.pooling!;
  const shapes = [
    [names.query, [3, 4]],
    ...[names.queryNorm.weight, names.queryNorm.bias!].map((name) => [name, [4]] as const),
    ...[names.rowNorm.weight, names.rowNorm.bias!].map((name) => [name, [8]] as const),
    ...names.parts.map((name, i) => [name, [4, i === 0 ? 4 : 8]] as const),
    [names.joint.bias, [12]],
    [names.out.weight, [4, 4]],
    [names.out.bias!, [4]],
  ] as const;
  const parameter = drawn(shapes);
  const random = createRandom(2);
  const row = () => Array.from({ length: 8 }, () => random.normal());
  const [a, b, c] = [row(), row(), row()];
  const options = { batch: 1, heads: 2, dim: 4, parameter };
  const of = (rows: readonly number[][], given = options) =>
    evaluateGraph(poolByQuery(constant(rows.flat(), [rows.length, 8]), names, given));
  const found = await of([a, b, c]);
  expect(relativeDifference(await of([c, a, b]), found)).toBeLessThan(1e-5);
  // Other queries than the first have no influence.
  const first = Array.from({ length: 4 }, () => random.normal());
  const withQueries = (rest: number) => ({
    ...options,
    parameter: (name: string) =>
      name === names.query
        ? constant([...first, ...Array<number>(8).fill(rest)], [3, 4])
        : parameter(name),
  });
  expect(await of([a, b], withQueries(1))).toEqual(await of([a, b], withQueries(-5)));
});
