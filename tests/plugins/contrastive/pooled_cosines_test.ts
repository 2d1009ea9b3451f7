import { expect } from "expect";
import { l2Normalize } from "../../../core/graph/composite.ts";
import { matmul, reshape, sum } from "../../../core/graph/linear.ts";
import { mul } from "../../../core/graph/elementwise.ts";
import { constant } from "../../../core/graph/node.ts";
import { softmax } from "../../../core/graph/softmax.ts";
import { transpose } from "../../../core/graph/linear.ts";
import { createRandom } from "../../../core/random.ts";
import { pooledCosines } from "../../../plugins/contrastive/pooled_cosines.ts";
import { evaluateGraph } from "../../helpers/evaluate_graph.ts";

const random = createRandom(1);
const numbers = (count: number) => Array.from({ length: count }, () => random.normal());

Deno.test("pooledCosines: are those with the pooled patches, which are never made", async () => {
  const patches = constant(numbers(2 * 5 * 3), [2, 5, 3]);
  const shared = constant(numbers(4 * 3), [4, 3]);
  const own = constant(numbers(2 * 4 * 3), [2, 4, 3]);
  for (const queries of [shared, own]) {
    const unit = l2Normalize(queries);
    const weights = softmax(matmul(unit, transpose(patches)), 2);
    const pooled = l2Normalize(matmul(weights, patches));
    const each = queries === own ? unit : reshape(unit, [1, 4, 3]);
    const expected = await evaluateGraph(sum(mul(pooled, each), [2]));
    const found = pooledCosines(patches, queries, (products) => softmax(products, 2));
    expect(found.shape).toEqual([2, 4]);
    for (const [i, value] of (await evaluateGraph(found)).entries()) {
      expect(value).toBeCloseTo(expected[i]!, 5);
    }
  }
});
