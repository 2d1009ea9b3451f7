import { expect } from "expect";
import { ofNegatives } from "../../../core/objective.ts";
import { generatedData } from "../../../plugins/app/runs/generated_data.ts";
import { withNegatives } from "../../../plugins/captions/with_negatives.ts";

const [data, negatives] = [generatedData(4, 1), generatedData(4, 2)];
const rest = { preprocessing: { size: 1, mean: [0, 0, 0], std: [1, 1, 1] }, seed: 3, epoch: 5 };

Deno.test("withNegatives: the data as they are, with a fingerprint that follows both", async () => {
  const both = withNegatives(data, negatives);
  expect(both.record(3)).toEqual(data.record(3));
  expect(both.negatives).toBe(negatives);
  const prints = await Promise.all([
    both.fingerprint(),
    withNegatives(data, data).fingerprint(),
    withNegatives(negatives, data).fingerprint(),
    data.fingerprint(),
  ]);
  expect(new Set(prints).size).toBe(4);
  expect(await withNegatives(data, negatives).fingerprint()).toBe(prints[0]);
});

Deno.test("ofNegatives: the negatives in the place of the data, and a refusal where there are none", () => {
  const context = { ...rest, data: withNegatives(data, negatives) } as const;
  expect(ofNegatives(context as never)).toEqual({ ...rest, data: negatives });
  const { negatives: _, ...plain } = data;
  expect(() => ofNegatives({ ...rest, data: plain } as never)).toThrow(
    "generated data: expected data with a negative picture and caption of each example, found none",
  );
});
