import { expect } from "expect";
import { reshape } from "../../../core/graph/linear.ts";
import { constant } from "../../../core/graph/node.ts";
import { phraseTerm, positivesOf } from "../../../plugins/c2lip/phrase_terms.ts";
import { c2lipRows } from "../../../plugins/c2lip/rows.ts";
import { clipNormalization } from "../../../plugins/clip/normalization.ts";
import { evaluateGraph } from "../../helpers/evaluate_graph.ts";
import { memoryDataSet } from "../../helpers/memory_data_set.ts";

Deno.test("c2lipRows: every noun phrase of a caption once, the caption itself where it has none", async () => {
  const data = memoryDataSet(
    ["A small dog and a cat watch a cat on the red sofa", "Hello!"].map((caption) => ({
      captions: [caption],
      picture: { width: 4, height: 4, color: [1, 2, 3] as const },
    })),
  );
  const context = { data, preprocessing: { ...clipNormalization, size: 4 }, seed: 1, epoch: 0 };
  const phrases = async (index: number, count: number) =>
    (await c2lipRows({ phrases: count }).compose(index, context))[0]!.texts.phrase;
  expect(await phrases(0, 4)).toEqual(["A small dog", "a cat", "the red sofa", null]);
  const two = await phrases(0, 2);
  expect(new Set(two).size).toBe(2);
  expect(["A small dog", "a cat", "the red sofa"]).toEqual(expect.arrayContaining([...two]));
  expect(await phrases(1, 2)).toEqual(["Hello!", null]);
});

Deno.test("phraseTerm: a phrase of two captions is true of both pictures, or only of its own row's", async () => {
  // Two rows with one phrase each, the same; all cosines 1, s = 1, b = 0: yes loses log(1 + e⁻¹) and no
  // log(1 + e). With "same" all four pairs are yes, with "own" two are; both by two phrases.
  const one = constant([1, 1], [2, 1]);
  const term = (shared: "own" | "same") =>
    phraseTerm(constant([1, 1, 1, 1], [2, 2]), {
      positive: positivesOf(shared, constant([7, 7], [2, 1]), one),
      present: one,
      ...{ logitScale: constant([1], []), bias: constant([0], []) },
    });
  const [yes, no] = [Math.log(1 + Math.exp(-1)), Math.log(1 + Math.E)];
  expect((await evaluateGraph(reshape(term("same"), [1])))[0]).toBeCloseTo(2 * yes, 6);
  expect((await evaluateGraph(reshape(term("own"), [1])))[0]).toBeCloseTo(yes + no, 6);
});
