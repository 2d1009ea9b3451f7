import { expect } from "expect";
import { concat } from "../../../core/graph/shape.ts";
import { reshape } from "../../../core/graph/linear.ts";
import { constant } from "../../../core/graph/node.ts";
import { countedContrast, countedMean } from "../../../plugins/contrastive/counted_contrast.ts";
import { evaluateGraph } from "../../helpers/evaluate_graph.ts";

Deno.test("countedContrast: is the contrast of the pairs that count alone; 0 if there are none", async () => {
  // Two pairs that count at right angles to each other, s = 2, and a text beside them at a right angle
  // to both (logit 0): images ½ log(1 + 2e⁻²)·2, texts log(1 + e⁻²), half of each. A third pair that
  // does not count is like the first one.
  const image = constant([1, 0, 0, 1, 1, 0], [3, 2]);
  const pairs = (counted: readonly number[]) => ({
    ...{ image, text: image, logitScale: constant([2], []) },
    ...{ counted: constant(counted, [3]), further: constant([0, 0, 9], [3, 1]) },
  });
  const values = [countedContrast(pairs([1, 1, 0])), countedContrast(pairs([0, 0, 0]))];
  const found = await evaluateGraph(concat(values.map((each) => reshape(each, [1])), 0));
  const expected = (Math.log(1 + 2 * Math.exp(-2)) + Math.log(1 + Math.exp(-2))) / 2;
  expect(found[0]).toBeCloseTo(expected, 6);
  expect(found[1]).toBeCloseTo(0, 12);
});

Deno.test("countedMean: is over what counts", async () => {
  const mean = countedMean(constant([2, 5, 4], [3]), constant([1, 0, 1], [3]));
  expect(await evaluateGraph(mean)).toEqual([3]);
});
