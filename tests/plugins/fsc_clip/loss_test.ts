import { expect } from "expect";
import { constant } from "../../../core/graph/node.ts";
import { localScores } from "../../../plugins/fsc_clip/local_scores.ts";
import { evaluateGraph } from "../../helpers/evaluate_graph.ts";
import { fscClipGlobalLoss, fscClipLoss } from "../../../plugins/fsc_clip/loss.ts";
import { expectSteps, readGolden } from "../../helpers/golden_steps.ts";

const { rate, cases: [global, local] } = readGolden("fsc_clip");

Deno.test("fscClipGlobalLoss: three steps equal the authors' code", () =>
  expectSteps(fscClipGlobalLoss, { rate, cases: [global!] }));

Deno.test("fscClipLoss: three steps equal the authors' code, tokens and patches too", () =>
  expectSteps(fscClipLoss, { rate, cases: [local!] }));

Deno.test("localScores: a token finds its patch; the start token and what is behind the end count not", async () => {
  // Two patches at right angles. A token along the first has weights 1 and 0, one between them has
  // equal similarities, hence equal weights: both are then their patches' direction, cosine 1. One
  // along (2, 1) has the weights 1 and 0 as well, and the cosine 2/√5 with the first patch.
  const patches = constant([1, 0, 0, 1], [1, 2, 2]);
  const tokens = constant([0, 9, 1, 0, 5, 5, 2, 1, 7, 0], [1, 1, 5, 2]);
  const present = constant([1, 1, 1, 1, 0], [1, 1, 5]);
  const scores = localScores(patches, { embeddings: tokens, present }, constant([2], []));
  const [score] = await evaluateGraph(scores);
  const expected = Math.log(2 * Math.exp(2) + Math.exp(2 * 2 / Math.sqrt(5)));
  expect(score).toBeCloseTo(expected, 5);
});
