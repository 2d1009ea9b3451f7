import { expect } from "expect";
import { add } from "../../../../core/graph/elementwise.ts";
import { input } from "../../../../core/graph/node.ts";
import { mean } from "../../../../core/graph/reduce.ts";
import { objective } from "../../../../core/objective.ts";
import type { Loss } from "../../../../core/loss.ts";
import { lossGraph } from "../../../../core/training/gradients/loss_graph.ts";
import { singleCaption } from "../../../../plugins/contrastive/single_caption.ts";

/** The loss's graph on 2 pictures and 2 captions of 3 values. */
function graphOf(compute: Loss<"caption">["compute"]) {
  const loss: Loss<"caption"> = {
    name: "mine",
    options: {},
    needs: ["caption"],
    compute,
    with: () => loss,
  };
  const groups = [{ name: "caption", count: 1 }];
  return lossGraph(objective("pull", singleCaption(), loss), groups, {
    image: input("image", "float32", [2, 3]),
    text: input("text", "float32", [2, 3]),
    logScale: input("scale", "float32", []),
  });
}

Deno.test("lossResult: an error of shapes names the loss and its path", () => {
  // [2, 3] and [4, 1] do not go together.
  const strange = input("strange", "float32", [4, 1]);
  expect(() => graphOf(({ image }) => ({ total: mean(add(image, strange)), terms: {} })))
    .toThrow(/^objectives\.pull\.loss \(mine\): .*\[2, 3\].*\[4, 1\]/);
  expect(() => graphOf(({ image }) => ({ total: image, terms: {} })))
    .toThrow("objectives.pull.loss (mine): expected a single number as total, found [2, 3]");
  const wrong = new Error("of another kind");
  expect(() =>
    graphOf(() => {
      throw wrong;
    })
  ).toThrow(wrong);
  expect(graphOf(({ image }) => ({ total: mean(image), terms: {} })).total.shape).toEqual([]);
});
