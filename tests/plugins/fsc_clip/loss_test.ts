import { expect } from "expect";
import { reshape } from "../../../core/graph/linear.ts";
import { constant } from "../../../core/graph/node.ts";
import { concat } from "../../../core/graph/shape.ts";
import { focalChoice } from "../../../plugins/fsc_clip/focal_choice.ts";
import { localScores } from "../../../plugins/fsc_clip/local_scores.ts";
import { evaluateGraph } from "../../helpers/evaluate_graph.ts";
import { fscClipGlobalLoss, fscClipLoss } from "../../../plugins/fsc_clip/loss.ts";
import { expectSteps, readGolden } from "../../helpers/golden_steps.ts";

const { rate, cases: [global, local] } = readGolden("fsc_clip");

Deno.test("fscClipGlobalLoss: three steps equal the authors' code", () =>
  expectSteps(fscClipGlobalLoss, { rate, cases: [global!] }));

Deno.test("fscClipLoss: three steps equal the authors' code, tokens and patches too", () =>
  expectSteps(fscClipLoss, { rate, cases: [local!] }));

Deno.test("focalChoice: weighs with (1 − p)^γ, spreads the label over what is there, and skips rows without", async () => {
  // Row 1: equal scores of the caption and one negative that is there: p = ½ of both, with γ = 2 each
  // loses ¼ ln 2, whatever the label. Row 2 has no negative and does not count.
  const settings = { gamma: 2, smoothing: 0.02, missing: "drop" } as const;
  const own = constant([3, 5], [2, 1]);
  const others = constant([3, 9, 7, 7], [2, 2]);
  const present = constant([1, 0, 0, 0], [2, 2]);
  const none = constant([0, 0, 0, 0], [2, 2]);
  const choices = [
    focalChoice(own, others, present, settings),
    focalChoice(own, others, none, settings),
    // With the logit 0 in its place: p = 1 / (2 + e⁻³) twice, and the third answer has no label.
    focalChoice(own, others, present, { ...settings, missing: "zero", smoothing: 0 }),
  ];
  const found = await evaluateGraph(concat(choices.map((each) => reshape(each, [1])), 0));
  const p = 1 / (2 + Math.exp(-3));
  const expected = [Math.log(2) / 4, 0, (1 - p) ** 2 * -Math.log(p)];
  for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, 6);
});

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
