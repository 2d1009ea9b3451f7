import { expect } from "expect";
import { isBertType, parseBert } from "../../../../plugins/clip/bert/parse_bert.ts";

const parse = (fields: object) =>
  parseBert("config.json", JSON.stringify({ vocab_size: 40, ...fields }));

Deno.test("parseBert: what a file leaves out is as in transformers", () => {
  // BertConfig's defaults; RobertaConfig and XLMRobertaConfig pad with 1, and count from the row after.
  const sizes = { width: 768, layers: 12, heads: 12, hidden: 3072, epsilon: 1e-12 };
  const shared = { ...sizes, vocabulary: 40, places: 512, types: 2, activation: "gelu" };
  expect(parse({ model_type: "bert" }))
    .toEqual({ family: "BERT", norms: "sum", ...shared, padding: 0, first: 0 });
  expect(parse({ model_type: "roberta" }))
    .toEqual({ family: "RoBERTa", norms: "sum", ...shared, padding: 1, first: 2 });
  expect(parse({ model_type: "xlm-roberta", pad_token_id: 5 }))
    .toMatchObject({ family: "XLM-RoBERTa", padding: 5, first: 6 });
});

Deno.test("parseBert: GELU's other form is told by its names", () => {
  for (const hidden_act of ["gelu_new", "gelu_pytorch_tanh"]) {
    expect(parse({ model_type: "bert", hidden_act }).activation).toBe("gelu_tanh");
  }
});

Deno.test("parseBert: what changes the tower is refused with its name", () => {
  for (
    const [field, value] of [
      ["model_type", "distilbert"],
      ["hidden_act", "relu"],
      ["position_embedding_type", "relative_key"],
      ["is_decoder", true],
      ["add_cross_attention", true],
      ["num_attention_heads", 7],
      ["pad_token_id", 40],
      ["new_thing", 1],
    ] as const
  ) {
    expect(() => parse({ model_type: "bert", [field]: value }))
      .toThrow(`config.json: not the configuration of a BERT or RoBERTa: ${field}: `);
  }
  // What acts in training alone, or in heads that are not there, is of no matter.
  parse({ model_type: "bert", hidden_dropout_prob: 0.1, directionality: "bidi" });
});

Deno.test("isBertType: BERT, RoBERTa and XLM-RoBERTa alone", () => {
  expect(["bert", "roberta", "xlm-roberta", "mt5", "toString", undefined].map(isBertType))
    .toEqual([true, true, true, false, false, false]);
});
