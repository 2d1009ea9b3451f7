import { expect } from "expect";
import {
  describeFacts,
  modelFacts,
  scoringPrecision,
} from "../../../../plugins/app/evaluate/model_facts.ts";
import { goldenClip } from "../../../helpers/small_clip.ts";

Deno.test("modelFacts: what the graphs compute, and the preprocessing", async () => {
  const model = await goldenClip();
  const facts = modelFacts(model, "as one says");
  expect(facts.activation).toBe("QuickGELU");
  expect(facts.preprocessing).toMatch(
    /^(\d+) × \1 by the shorter side, its centre cut out, bicubic, mean 0\.4815 0\.4578 0\.4082, /,
  );
  expect(describeFacts(facts)).toMatch(/^QuickGELU; as one says; pictures .*; texts of 77 tokens$/);
});

Deno.test("scoringPrecision: what the weights are kept in, and what is computed", async () => {
  const values = await (await goldenClip()).read();
  expect(scoringPrecision(values)).toBe("F32 weights, computed in float32");
  const halves = new Map(
    [...values].map(([name, tensor]) => [name, { ...tensor, dtype: "F16" as const }]),
  );
  expect(scoringPrecision(halves)).toBe("F16 weights, computed in float32");
});
