import { expect } from "expect";
import {
  alphaOf,
  formatAdapterConfig,
  parseAdapterConfig,
} from "../../../plugins/lora/adapter_config.ts";

const usual = { peft_type: "LORA", r: 4, lora_alpha: 8, target_modules: ["q_proj"] };
const parse = (changes: object) => parseAdapterConfig("a.json", { ...usual, ...changes });

Deno.test("parseAdapterConfig: what would change what is computed is refused by name", () => {
  expect(() => parse({ peft_type: "IA3" })).toThrow("peft_type: expected a LoRA adapter of PEFT");
  expect(() => parse({ bias: "lora_only" })).toThrow("a.json: bias:");
  expect(() => parse({ modules_to_save: ["head"] })).toThrow("a.json: modules_to_save:");
  expect(() => parse({ init_lora_weights: "pissa_niter_4" })).toThrow("init_lora_weights");
  expect(() => parse({ something_new: 3 })).toThrow("something_new: expected it to be off");
  expect(parse({ bias: "none", modules_to_save: null, something_new: false, loftq_config: {} }))
    .toEqual({ base: null, rank: 4, alpha: 8, rankStabilized: false, dora: false, alphas: {} });
});

Deno.test("alphaOf: the first pattern that a name ends with counts, as PEFT reads it", () => {
  const config = parse({ alpha_pattern: { "fc1": 3, "layers.0.q_proj": 5, "^out$": 7 } });
  const found = ["m.layers.0.mlp.fc1", "m.layers.0.q_proj", "m.layers.1.q_proj", "m.out", "out"]
    .map((module) => alphaOf(module, config));
  expect(found).toEqual([3, 5, 8, 8, 7]);
});

Deno.test("formatAdapterConfig: names that others end with are written as an expression", () => {
  const written = (others: readonly string[]) =>
    JSON.parse(formatAdapterConfig({
      ...{ base: null, rank: 2, alpha: 4, rankStabilized: false, dora: false, others },
      modules: [
        { module: "blocks.0.attn", rank: 6, alpha: 12 },
        { module: "blocks.0.fc", rank: 2, alpha: 4 },
      ],
    }));
  expect(written(["visual.blocks.0.fc2"]).target_modules).toEqual(["blocks.0.attn", "blocks.0.fc"]);
  const { target_modules, rank_pattern, alpha_pattern } = written(["visual.blocks.0.fc"]);
  expect(target_modules).toBe("(blocks\\.0\\.attn|blocks\\.0\\.fc)");
  expect(rank_pattern).toEqual({ "^blocks\\.0\\.attn$": 6 });
  expect(alpha_pattern).toEqual({ "^blocks\\.0\\.attn$": 12 });
});
