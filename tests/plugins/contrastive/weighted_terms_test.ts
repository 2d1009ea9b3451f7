import { expect } from "expect";
import { constant } from "../../../core/graph/node.ts";
import { weightedTerms } from "../../../plugins/contrastive/weighted_terms.ts";
import { evaluateGraph } from "../../helpers/evaluate_graph.ts";

Deno.test("weightedTerms: the sum by weights, 1 where none is given; the terms as they were", async () => {
  const terms = { a: constant([2], []), b: constant([3], []), c: constant([5], []) };
  const result = weightedTerms(terms, { b: 0.5, c: 0 });
  expect(await evaluateGraph(result.total)).toEqual([3.5]);
  expect(result.terms).toBe(terms);
});
