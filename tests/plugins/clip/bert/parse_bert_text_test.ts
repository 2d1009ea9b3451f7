import { expect } from "expect";
import { parseBertText } from "../../../../plugins/clip/bert/parse_bert_text.ts";
import { knownBert, otherFamily } from "../../../../plugins/clip/bert/known_berts.ts";
import { openClipParts } from "../../../../plugins/clip/open_clip_parts.ts";
import { parseOpenClip } from "../../../../plugins/clip/parse_open_clip.ts";

const place = { path: "c.json", what: "the configuration of a CLIP", place: "text_cfg" };
const parse = (fields: object, dim = 512) =>
  parseBertText(place, dim, {
    ...{ hf_model_name: "roberta-base", hf_tokenizer_name: "roberta-base" },
    ...fields,
  });

Deno.test("parseBertText: has open_clip's defaults", () => {
  const { config, tokenizer } = parse({});
  expect(config).toMatchObject({ pool: "mean", projection: "perceptron", context: 77, dim: 512 });
  expect(tokenizer).toEqual({
    ...{ kind: "file", repository: "roberta-base", cleaning: "whitespace", full: false },
    padding: 1,
  });
});

Deno.test("parseBertText: poolers by their names, and by the family where none is named", () => {
  const poolOf = (hf_pooler_type: string | null, hf_model_name = "roberta-base") =>
    parse({ hf_pooler_type, hf_model_name }).config.pool;
  expect(["mean_pooler", "cls_pooler", "cls_last_hidden_state_pooler"].map((each) => poolOf(each)))
    .toEqual(["mean", "layer", "first"]);
  // HFTextEncoder makes BERT's pooling layer only where cls_pooler is written.
  expect([poolOf(null), poolOf(null, "bert-base-cased")]).toEqual(["mean", "first"]);
});

Deno.test("parseBertText: what open_clip cannot compute is refused with its name", () => {
  // 514 rows, the first two of which stand for no place of a token.
  expect(parse({ context_length: 512 }).config.context).toBe(512);
  expect(parse({ hf_proj_type: null }, 768).config.projection).toBe("none");
  for (
    const [field, value] of [
      ["context_length", 513],
      ["hf_pooler_type", "max_pooler"],
      ["hf_proj_type", null],
      ["hf_tokenizer_name", ""],
      ["new_thing", 1],
    ] as const
  ) {
    expect(() => parse({ [field]: value }))
      .toThrow(`c.json: not the configuration of a CLIP: text_cfg.${field}: `);
  }
  expect(() => parse({ hf_model_name: "owner/unknown" })).toThrow(
    "expected what describes the text tower owner/unknown beside the weights (config.json) or in " +
      "hf:owner/unknown, found none",
  );
});

Deno.test("knownBert, otherFamily: published names, with their owner or without", () => {
  expect(knownBert("FacebookAI/xlm-roberta-large")).toBe(knownBert("xlm-roberta-large"));
  expect(knownBert("xlm-roberta-large")).toMatchObject({ width: 1024, layers: 24, heads: 16 });
  expect([knownBert("owner/roberta-base"), knownBert("toString")]).toEqual([undefined, undefined]);
  expect(["google/mt5-xl", "facebook/nllb-200-distilled-600M", "roberta-base"].map(otherFamily))
    .toEqual(["mT5", "NLLB", undefined]);
});

// The text towers of open_clip 3.3's ten configurations with `hf_model_name`, and its parameters of the
// text tower in millions (docs/model_profile.csv).
const towers = {
  "roberta-ViT-B-32": [512, "roberta-base", {}, 124.87],
  "coca_roberta-ViT-B-32": [512, "roberta-base", { hf_proj_type: "linear" }, 124.45],
  "xlm-roberta-base-ViT-B-32": [512, "xlm-roberta-base", {}, 278.27],
  "xlm-roberta-large-ViT-H-14": [1024, "xlm-roberta-large", {}, 560.94],
  "mt5-base-ViT-B-32": [512, "google/mt5-base", {}, "mT5"],
  "mt5-xl-ViT-H-14": [1024, "google/mt5-xl", {}, "mT5"],
  "nllb-clip-base": [512, "facebook/nllb-200-distilled-600M", {}, "NLLB"],
  "nllb-clip-base-siglip": [768, "facebook/nllb-200-distilled-600M", {}, "NLLB"],
  "nllb-clip-large": [1024, "facebook/nllb-200-distilled-1.3B", {}, "NLLB"],
  "nllb-clip-large-siglip": [1152, "facebook/nllb-200-distilled-1.3B", {}, "NLLB"],
} as const;

for (const [name, [embed_dim, hf_model_name, fields, found]] of Object.entries(towers)) {
  Deno.test(
    `parseOpenClip: ${name} has ${
      typeof found === "string"
        ? `a text tower of ${found}, which is refused by name`
        : `open_clip's ${found} million parameters of texts`
    }`,
    () => {
      const text_cfg = { hf_model_name, hf_tokenizer_name: hf_model_name, ...fields };
      const vision_cfg = { layers: 12, width: 768, patch_size: 32 };
      const parts = () => {
        const text = JSON.stringify({ model_cfg: { embed_dim, vision_cfg, text_cfg } });
        const model = parseOpenClip(name, text);
        return openClipParts(model, model.isCustom).text.shapes;
      };
      if (typeof found === "string") {
        expect(parts).toThrow(`its text tower is ${found}, Hugging Face's ${hf_model_name}`);
        return;
      }
      const values = parts().reduce((sum, [, shape]) => sum + shape.reduce((a, b) => a * b, 1), 0);
      expect((values / 1e6).toFixed(2)).toBe(found.toFixed(2));
    },
  );
}
