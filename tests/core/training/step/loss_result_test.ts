import { expect } from "expect";
import { add } from "../../../../core/graph/elementwise.ts";
import { input } from "../../../../core/graph/node.ts";
import { mean } from "../../../../core/graph/reduce.ts";
import type { Tensor } from "../../../../core/graph/tensor.ts";
import { objective } from "../../../../core/objective.ts";
import type { Loss, LossResult } from "../../../../core/loss.ts";
import { lossResult } from "../../../../core/training/step/loss_result.ts";
import { singleCaption } from "../../../../plugins/contrastive/single_caption.ts";

const image: Tensor = input("image", "float32", [2, 3]);

/** What a loss called `mine` comes to, in the objective `pull`. */
function resultOf(compute: () => LossResult): LossResult {
  const loss: Loss<"caption"> = {
    name: "mine",
    options: {},
    needs: ["caption"],
    compute,
    with: () => loss,
  };
  return lossResult(objective("pull", singleCaption(), loss), compute);
}

Deno.test("lossResult: an error of shapes names the loss and its path", () => {
  // [2, 3] and [4, 1] do not go together.
  const strange = input("strange", "float32", [4, 1]);
  expect(() => resultOf(() => ({ total: mean(add(image, strange)), terms: {} })))
    .toThrow(/^objectives\.pull\.loss \(mine\): .*\[2, 3\].*\[4, 1\]/);
  expect(() => resultOf(() => ({ total: image, terms: {} })))
    .toThrow("objectives.pull.loss (mine): expected a single number as total, found [2, 3]");
  const wrong = new Error("of another kind");
  expect(() =>
    resultOf(() => {
      throw wrong;
    })
  ).toThrow(wrong);
  expect(resultOf(() => ({ total: mean(image), terms: {} })).total.shape).toEqual([]);
});
