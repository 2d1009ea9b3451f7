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

Deno.test("scoringPrecision: what the weights are kept in, and what is computed", () => {
  expect(scoringPrecision(new Set(["F32"]))).toBe("F32 weights, computed in float32");
  expect(scoringPrecision(new Set(["F32", "F16"])))
    .toBe("F16 and F32 weights, computed in float32");
});
