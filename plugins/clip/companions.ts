/**
 * Configuration and tokenizer files that go with weights.
 *
 * @module
 */

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
  const config: unknown = JSON.parse(new TextDecoder().decode(bytes));
  if (!isObject(config)) return bytes;
  // Without a word about it, the first tensor of the file would decide.
  const said = "dtype" in config || "torch_dtype" in config;
  const changed = withDtype(said ? config : { ...config, torch_dtype: dtype }, dtype);
  if (JSON.stringify(changed) === JSON.stringify(config)) return bytes;
  return `${JSON.stringify(changed, null, 2)}\n`;
}

/** The settings with every element type in them, the towers' too, replaced. */
function withDtype(
  settings: Readonly<Record<string, unknown>>,
  dtype: string,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]): [string, unknown] => {
      if (key === "dtype" || key === "torch_dtype") return [key, value === null ? null : dtype];
      return [key, isObject(value) ? withDtype(value, dtype) : value];
    }),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
