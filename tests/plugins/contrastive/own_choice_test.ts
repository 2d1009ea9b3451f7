import { expect } from "expect";
import { concat } from "../../../core/graph/shape.ts";
import { constant } from "../../../core/graph/node.ts";
import { ownChoice } from "../../../plugins/contrastive/own_choice.ts";
import { evaluateGraph } from "../../helpers/evaluate_graph.ts";

Deno.test("ownChoice: a cross entropy, weighed with (1 − p)^γ, its label spread over what is there", async () => {
  // Row 1: equal scores of the right answer and one wrong one that is there: p = ½ of both. Row 2 has
  // no wrong one: p = 1, and nothing is lost.
  const own = constant([3, 5], [2, 1]);
  const others = constant([3, 9, 7, 7], [2, 2]);
  const present = constant([1, 0, 0, 0], [2, 2]);
  const choices = [
    ownChoice(own, others, present),
    // With γ = 2 each loses ¼ ln 2, whatever the label.
    ownChoice(own, others, present, { gamma: 2, smoothing: 0.02 }),
    // With the logit 0 in the place of what is missing: p = 1 / (2 + e⁻³) twice.
    ownChoice(own, others, present, { gamma: 2, missing: "zero" }),
  ];
  const found = await evaluateGraph(concat(choices, 0));
  const p = 1 / (2 + Math.exp(-3));
  const q = 1 / (1 + 2 * Math.exp(-5));
  const focal = (p: number) => (1 - p) ** 2 * -Math.log(p);
  const expected = [Math.log(2), 0, Math.log(2) / 4, 0, focal(p), focal(q)];
  expect(found.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, 6);
});

Deno.test("ownChoice: a label that is spread, by unequal scores", async () => {
  // Probabilities 3/4 and 1/4; half of the label is spread over both: 3/4 and 1/4 again.
  const [loss] = await evaluateGraph(
    ownChoice(constant([Math.log(3)], [1, 1]), constant([0], [1, 1]), constant([1], [1, 1]), {
      smoothing: 0.5,
    }),
  );
  expect(loss).toBeCloseTo(0.75 * Math.log(4 / 3) + 0.25 * Math.log(4), 6);
});
