import { expect } from "expect";
import { describeFacts, modelFacts } from "../../../../plugins/app/evaluate/model_facts.ts";
import { goldenClip } from "../../../helpers/small_clip.ts";

Deno.test("modelFacts: what the graphs compute, the weights' precision, the preprocessing", async () => {
  const model = await goldenClip();
  const values = await model.read();
  const facts = modelFacts(model, values);
  expect(facts.activation).toBe("QuickGELU");
  expect(facts.precision).toBe("F32 weights, computed in float32");
  expect(facts.preprocessing).toMatch(
    /^(\d+) × \1 by the shorter side, its centre cut out, bicubic, mean 0\.4815 0\.4578 0\.4082, /,
  );
  const halves = new Map(
    [...values].map(([name, tensor]) => [name, { ...tensor, dtype: "F16" as const }]),
  );
  expect(modelFacts(model, halves).precision).toBe("F16 weights, computed in float32");
  expect(describeFacts(facts)).toContain("; texts of 77 tokens");
});
