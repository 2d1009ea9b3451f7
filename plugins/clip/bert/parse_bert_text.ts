import { parseFields } from "../config_schema.ts";
import { huggingFaceTextSchema } from "../open_clip_schema.ts";
import type { FileTokenizerChoice } from "../tokenizer_choice.ts";
import { repositoryAddress } from "../tokenizer_choice.ts";
import type { BertConfig, BertTextConfig } from "./bert_config.ts";
import { knownBert, otherFamily, otherTower } from "./known_berts.ts";

/** A text tower of Hugging Face's, and the tokenizer that goes with it. */
export interface BertText {
  readonly config: BertTextConfig;
  readonly tokenizer: FileTokenizerChoice;
}

/** What a file is of, for errors, and where in it the text tower stands. */
interface Place {
  readonly path: string;
  readonly what: string;
  readonly place: string;
}

/**
 * Reads a `text_cfg` with `hf_model_name`.
 *
 * @param dim Length of an embedding.
 * @param found The transformer of that name, where it is none of the published ones.
 * @throws {SyntaxError} if it is of another family, or a field says what open_clip cannot compute.
 */
export function parseBertText(
  { path, what, place }: Place,
  dim: number,
  given: { readonly hf_model_name: string },
  found?: BertConfig,
): BertText {
  const name = given.hf_model_name;
  const bert = found ?? knownBert(name);
  if (bert === undefined) throw new SyntaxError(unknownText({ path, what }, name));
  const fields = parseFields(path, given, what, huggingFaceTextSchema, place);
  const fail = (field: string, fault: string): never => {
    throw new SyntaxError(`${path}: not ${what}: ${place}.${field}: ${fault}`);
  };
  const { context_length: context, hf_pooler_type: pooler, hf_proj_type: projection } = fields;
  if (context > bert.places - bert.first) {
    fail(
      "context_length",
      `expected at most ${bert.places - bert.first}, the places of ${name}, found ${context}`,
    );
  }
  if (projection === null && bert.width !== dim) {
    fail("hf_proj_type", `expected linear or mlp, as the width ${bert.width} is not embed_dim`);
  }
  const tokenizer = fields.hf_tokenizer_name ?? "";
  if (tokenizer === "") {
    fail("hf_tokenizer_name", `expected the tokenizer of ${name}, found none`);
  }
  const { clean = "whitespace", strip_sep_token = false } = fields.tokenizer_kwargs ?? {};
  return {
    config: {
      ...bert,
      dim,
      context,
      pool: poolOf(pooler, bert),
      projection: projection === null ? "none" : projection === "mlp" ? "perceptron" : "linear",
    },
    tokenizer: {
      kind: "file",
      repository: tokenizer,
      cleaning: clean,
      full: false,
      padding: bert.padding,
      ...(strip_sep_token ? { stripSeparator: true } : {}),
      ...(fields.tokenizer_mode === "clips" ? { clips: true } : {}),
    },
  };
}

/** Where nothing is said, open_clip takes the family's own, and of BERT without the pooling layer. */
function poolOf(
  pooler: "mean_pooler" | "cls_pooler" | "cls_last_hidden_state_pooler" | null,
  { family }: BertConfig,
): BertTextConfig["pool"] {
  switch (pooler) {
    case "mean_pooler":
      return "mean";
    case "cls_pooler":
      return "layer";
    case "cls_last_hidden_state_pooler":
      return "first";
    case null:
      return family === "BERT" ? "first" : "mean";
  }
}

function unknownText({ path, what }: Pick<Place, "path" | "what">, name: string): string {
  const family = otherFamily(name);
  if (family !== undefined) return otherTower(path, what, family, name);
  const address = repositoryAddress(name);
  return `${path}: expected what describes the text tower ${name} beside the weights (config.json)${
    address === undefined ? "" : ` or in ${address}`
  }, found none`;
}
