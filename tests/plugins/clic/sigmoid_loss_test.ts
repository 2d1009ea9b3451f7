import { expect } from "expect";
import { constant } from "../../../core/graph/node.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import { checkPositives } from "../../../plugins/clic/positive_terms.ts";
import { clicSigmoidLoss } from "../../../plugins/clic/sigmoid_loss.ts";
import { allDifferent } from "../../helpers/batch_identity.ts";
import { lossContextOf } from "../../helpers/loss_context.ts";

const softplus = (x: number) => Math.log(1 + Math.exp(x));

Deno.test("clicSigmoidLoss: its terms by hand", async () => {
  // Images e₁ and e₂; both positives of each are its own vector, but for the second of the first row,
  // which is e₂. The first row's negative is its own vector, the second row has none.
  const [s, b] = [3, -2];
  const positive = [1, 0, 0, 1, 0, 1, 0, 1];
  const { total, terms } = clicSigmoidLoss().compute({
    ...lossContextOf<"positive" | "negative">({
      image: constant([1, 0, 0, 1], [2, 2]),
      text: {
        positive: constant(positive, [2, 2, 2]),
        negative: constant([1, 0, 0, 1], [2, 1, 2]),
      },
      present: { positive: constant([1, 1, 1, 1], [2, 2]), negative: constant([1, 0], [2, 1]) },
      identity: allDifferent(2, { positive: 2, negative: 1 }),
      logitScale: constant([s], []),
    }),
    extra: { logitBias: constant([b], []) },
  });
  const device = await openDevice("cpu");
  const program = await device.compile({ inputs: [], outputs: { total, ...terms } });
  const results = await program.run({});
  const value = async (name: string) => Number((await results[name]!.read())[0]);
  // First set: right pairs s + b, wrong ones b. Second set, both texts e₂: image e₁ has b for its own
  // and for the other, image e₂ has s + b for both.
  const first = 2 * softplus(-(s + b)) + 2 * softplus(b);
  const second = softplus(-b) + softplus(b) + softplus(-(s + b)) + softplus(s + b);
  const contrastive = (first + second) / 4;
  const hardNegative = softplus(s + b) / 2;
  expect(await value("contrastive")).toBeCloseTo(contrastive, 5);
  expect(await value("hardNegative")).toBeCloseTo(hardNegative, 5);
  // ‖e₁ − e₂‖² in the first row, 0 in the second.
  expect(await value("uniModal")).toBeCloseTo(1, 5);
  expect(await value("total")).toBeCloseTo(contrastive / 2 + hardNegative / 2 + 1, 5);
  await program.dispose();
  await device.dispose();
});

Deno.test("checkPositives: fewer than two positives a row are refused, and the loss named", () => {
  checkPositives("clicSigmoidLoss", constant([1, 0, 1, 0], [1, 2, 2]));
  expect(() => checkPositives("clicSigmoidLoss", constant([1, 0], [1, 1, 2])))
    .toThrow("clicSigmoidLoss: expected at least 2 positives a row, found [1, 1, 2]");
});
