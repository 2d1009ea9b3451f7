import { expect } from "expect";
import { gelu } from "../../../../core/graph/activation.ts";
import { constant } from "../../../../core/graph/node.ts";
import { createRandom } from "../../../../core/random.ts";
import { project } from "../../../../core/nn/linear.ts";
import type { BertTextConfig } from "../../../../plugins/clip/bert/bert_config.ts";
import { bertNames } from "../../../../plugins/clip/bert/bert_names.ts";
import { bertShapes } from "../../../../plugins/clip/bert/bert_shapes.ts";
import { bertTextTower } from "../../../../plugins/clip/bert/bert_tower.ts";
import { relativeDifference } from "../../../helpers/compare.ts";
import { evaluateGraph } from "../../../helpers/evaluate_graph.ts";

const roberta: BertTextConfig = {
  ...{ family: "RoBERTa", norms: "sum", activation: "gelu", epsilon: 1e-5 },
  ...{ width: 8, layers: 2, heads: 2, hidden: 16, vocabulary: 20, places: 10, types: 1 },
  ...{ padding: 1, first: 2, dim: 4, context: 6, pool: "mean", projection: "perceptron" },
};

/** A tower with drawn values, and what it makes of texts. */
function towerOf(config: BertTextConfig) {
  const random = createRandom(1);
  const values = new Map(
    bertShapes(config).map(([name, shape]) => {
      const length = shape.reduce((a, b) => a * b, 1);
      return [name, constant(Float32Array.from({ length }, () => random.normal()), shape)];
    }),
  );
  const parameter = (name: string) => values.get(name)!;
  const tower = bertTextTower(config);
  const inputs = (ids: readonly (readonly number[])[]) =>
    [
      constant(ids.flat(), [ids.length, ids[0]!.length], "int64"),
      constant(ids.map((each) => each.length - 1), [ids.length], "int64"),
    ] as const;
  return { tower, parameter, inputs };
}

for (const pool of ["mean", "first", "layer"] as const) {
  Deno.test(`bertTextTower: padding has no influence where the ${pool} is taken`, async () => {
    const { tower, parameter, inputs } = towerOf({ ...roberta, pool });
    const of = (ids: readonly number[]) => evaluateGraph(tower.encode(...inputs([ids]), parameter));
    const cut = await of([0, 9, 2]);
    expect(relativeDifference(await of([0, 9, 2, 1, 1, 1]), cut)).toBeLessThan(1e-5);
    // Nor does padding that is written in the text, behind which places go on where they were.
    expect(relativeDifference(await of([0, 1, 9, 2]), cut)).toBeLessThan(1e-5);
    expect(relativeDifference(await of([0, 8, 2]), cut)).toBeGreaterThan(1e-3);
    expect(relativeDifference(await of([0, 9, 3, 2]), cut)).toBeGreaterThan(1e-3);
  });
}

Deno.test("bertTextTower: the pooled text and all tokens, projected as the embedding is", async () => {
  for (const pool of ["mean", "first"] as const) {
    const { tower, parameter, inputs } = towerOf({ ...roberta, pool, projection: "linear" });
    const given = inputs([[0, 9, 5, 2], [0, 4, 2, 1]]);
    const { embedding, pooled, tokens } = tower.encodeWith!(...given, parameter, [
      "tokens",
      "pooled",
    ]);
    const plain = await evaluateGraph(tower.encode(...given, parameter));
    expect(relativeDifference(await evaluateGraph(embedding), plain)).toBeLessThan(1e-5);
    const again = project(pooled!, tower.projection!, parameter);
    expect(relativeDifference(await evaluateGraph(again), plain)).toBeLessThan(1e-5);
    // A matrix of the mean is the mean of the matrix's products: of 4 and of 3 tokens.
    const all = await evaluateGraph(tokens!);
    const expected = Float32Array.from({ length: 8 }, (_, i) => {
      const [row, channel] = [Math.floor(i / 4), i % 4];
      const count = pool === "first" ? 1 : row === 0 ? 4 : 3;
      let total = 0;
      for (let t = 0; t < count; t++) total += all[(row * 4 + t) * 4 + channel]!;
      return total / count;
    });
    expect(relativeDifference(expected, plain)).toBeLessThan(1e-5);
  }
});

Deno.test("bertTextTower: a perceptron's second matrix is the last step", async () => {
  const { tower, parameter, inputs } = towerOf(roberta);
  const given = inputs([[0, 9, 5, 2]]);
  const { embedding, pooled } = tower.encodeWith!(...given, parameter, ["pooled"]);
  const [first, second] = bertNames.perceptron;
  expect(tower.projection).toBe(second);
  const again = project(gelu(project(pooled!, first, parameter)), second, parameter);
  expect(relativeDifference(await evaluateGraph(again), await evaluateGraph(embedding)))
    .toBeLessThan(1e-5);
});

Deno.test("bertTextTower: has no beginnings to share, and refuses texts that are too long", () => {
  const { tower, parameter, inputs } = towerOf(roberta);
  expect(tower.prefixes).toBeUndefined();
  expect(() => tower.encode(...inputs([[0, 3, 4, 5, 6, 7, 2]]), parameter))
    .toThrow("text tower: expected at most 6 tokens, found 7");
});
