/**
 * Configuration and tokenizer files that go with weights.
 *
 * @module
 */
import { decodeText } from "../../core/host/storage/read_text.ts";

/** Files that stand beside weights and describe them. */
export const COMPANIONS: readonly string[] = [
  "config.json",
  "open_clip_config.json",
  "preprocessor_config.json",
  "processor_config.json",
  "generation_config.json",
  "tokenizer.json",
  "tokenizer_config.json",
  "special_tokens_map.json",
  "added_tokens.json",
  "vocab.json",
  "vocab.txt",
  "merges.txt",
  "vocabulary.json",
  "tokenizer.model",
  "spiece.model",
];

/** Names of element types as transformers writes them. */
const DTYPES = { F16: "float16", BF16: "bfloat16", F32: "float32" } as const;

/**
 * The name of the one element type that weights have, as transformers would read them: the half
 * precision that all share, else float32, in which every value of the others has room.
 *
 * @param dtypes Those of the tensors; others than floats do not count.
 */
export function sharedDtype(dtypes: Iterable<string>): string {
  const floats = new Set(
    [...dtypes].filter((dtype) => ["F16", "BF16", "F32", "F64"].includes(dtype)),
  );
  const [first] = floats;
  return DTYPES[floats.size === 1 && (first === "F16" || first === "BF16") ? first : "F32"];
}

/**
 * A companion as it is to stand beside new weights: in transformers' `config.json` the element type,
 * by which version 5 loads weights whatever type they have themselves, is that of the weights.
 *
 * @param dtype What {@linkcode sharedDtype} gives.
 * @returns The same bytes, if there is nothing to change.
 */
export function companionFor(
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  dtype: string,
): Uint8Array<ArrayBuffer> | string {
  if (name !== "config.json") return bytes;
  const text = decodeText(bytes, name);
  // In the text, since a number such as 1.0 would come back as 1, which transformers 5 refuses. The
  // towers' types are among them.
  const changed = text.replace(DTYPE, `$1"${dtype}"`);
  if (changed !== text) return changed;
  // Without a word about it, the first tensor of the file would decide in transformers, whose models
  // name their type.
  const isSilent = text.search(DTYPE) === -1 && text.includes('"model_type"');
  return isSilent ? text.replace("{", `{\n  "torch_dtype": "${dtype}",`) : bytes;
}

const DTYPE = /("(?:torch_)?dtype"\s*:\s*)(?:"[^"]*"|null)/g;
