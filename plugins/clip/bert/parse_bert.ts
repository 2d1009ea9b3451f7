import { z } from "zod";
import type { Activation } from "../../../core/nn/transformer_config.ts";
import { count, ignored, onlyEach, parseJson } from "../config_schema.ts";
import { BERT_FIELDS } from "../known_fields.ts";
import type { BertConfig } from "./bert_config.ts";

const WHAT = "the configuration of a BERT or RoBERTa";

const FAMILIES = { bert: "BERT", roberta: "RoBERTa", "xlm-roberta": "XLM-RoBERTa" } as const;
const ACTIVATIONS = {
  gelu: "gelu",
  gelu_new: "gelu_tanh",
  gelu_pytorch_tanh: "gelu_tanh",
  quick_gelu: "quick_gelu",
  silu: "silu",
  swish: "silu",
} as const satisfies Readonly<Record<string, Activation>>;

/** Whose `model_type` it is. */
export type BertType = keyof typeof FAMILIES;

/** Whether transformers' `model_type` is that of one of these. */
export function isBertType(type: unknown): type is BertType {
  return typeof type === "string" && Object.hasOwn(FAMILIES, type);
}

// What a file leaves out has the values of transformers' configurations.
const schema = z.strictObject({
  model_type: z.enum(Object.keys(FAMILIES) as BertType[]),
  vocab_size: count,
  hidden_size: count.default(768),
  num_hidden_layers: count.default(12),
  num_attention_heads: count.default(12),
  intermediate_size: count.default(3072),
  hidden_act: z.enum(Object.keys(ACTIVATIONS) as (keyof typeof ACTIVATIONS)[]).default("gelu"),
  max_position_embeddings: count.default(512),
  type_vocab_size: count.default(2),
  layer_norm_eps: z.number().positive().default(1e-12),
  pad_token_id: z.int().min(0).exactOptional(),
  ...ignored(BERT_FIELDS),
  ...onlyEach({
    position_embedding_type: ["absolute", null],
    is_decoder: [false],
    add_cross_attention: [false],
    pruned_heads: [{}],
  }),
});

/**
 * Reads a `config.json` of transformers' `BertModel`, `RobertaModel` or `XLMRobertaModel`.
 *
 * @throws {SyntaxError} if it is no such file, naming each field that does not fit.
 */
export function parseBert(path: string, text: string): BertConfig {
  const fields = parseJson(path, text, WHAT, schema);
  const { hidden_size: width, num_attention_heads: heads, vocab_size: vocabulary } = fields;
  if (width % heads !== 0) {
    throw new SyntaxError(
      `${path}: not ${WHAT}: num_attention_heads: expected heads that share the width of ${width} ` +
        `evenly, found ${heads}`,
    );
  }
  const family = FAMILIES[fields.model_type];
  const padding = fields.pad_token_id ?? (family === "BERT" ? 0 : 1);
  if (padding >= vocabulary) {
    throw new SyntaxError(
      `${path}: not ${WHAT}: pad_token_id: expected an id below ${vocabulary}, found ${padding}`,
    );
  }
  return {
    family,
    width,
    layers: fields.num_hidden_layers,
    heads,
    hidden: fields.intermediate_size,
    activation: ACTIVATIONS[fields.hidden_act],
    epsilon: fields.layer_norm_eps,
    norms: "sum",
    vocabulary,
    places: fields.max_position_embeddings,
    types: fields.type_vocab_size,
    padding,
    first: family === "BERT" ? 0 : padding + 1,
  };
}
