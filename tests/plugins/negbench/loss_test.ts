import { expect } from "expect";
import { testLoss } from "../../../plugins/authoring/test_loss.ts";
import { negFullLoss } from "../../../plugins/negbench/loss.ts";
import { expectSteps, readGolden } from "../../helpers/golden_steps.ts";

Deno.test("negFullLoss: three steps equal the authors' code", () =>
  expectSteps(negFullLoss, readGolden("negfull")));

Deno.test("negFullLoss: a wrong answer that is not there is chosen by nobody", async () => {
  // By hand, with the logit scale ln 3: e to the logit is 3 for the right answer, of cosine 1, and 1
  // for the wrong one that is there, of cosine 0. The one that is not there has cosine 1.
  await testLoss(negFullLoss({ alpha: 0 }), {
    batch: 2,
    dim: 2,
    groups: { caption: 1, answer: 3 },
    logitScale: Math.log(3),
    embeddings: {
      image: [1, 0, 0, 1],
      text: { caption: [1, 0, 0, 1], answer: [1, 0, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1] },
    },
    // The second row has no question.
    present: { answer: [1, 1, 0, 0, 0, 0] },
    expected: { total: Math.log(4 / 3), choice: Math.log(4 / 3) },
  });
});

Deno.test("negFullLoss: one caption a row, and something to choose from", async () => {
  const test = (caption: number, answer: number) =>
    testLoss(negFullLoss(), { batch: 2, dim: 2, groups: { caption, answer } });
  await expect(test(2, 4)).rejects.toThrow("negFullLoss: expected 1 caption a row, found 2");
  await expect(test(1, 1)).rejects.toThrow(
    "negFullLoss: expected 2 answers a row or more, found 1",
  );
  expect(() => negFullLoss({ alpha: 2 })).toThrow("alpha");
});
