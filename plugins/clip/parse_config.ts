/**
 * The architecture from the configuration files that come with weights.
 *
 * @module
 */
import { z } from "zod";
import type { ClipConfig } from "./config.ts";
import { count, ignored, onlyEach, parseJson, side } from "./config_schema.ts";
import { HUGGING_FACE_FIELDS, HUGGING_FACE_TOWER_FIELDS } from "./known_fields.ts";
import { type OpenClipModel, parseOpenClip } from "./parse_open_clip.ts";
import type { Preprocessing } from "../../core/model.ts";

/** What a configuration file says. */
export interface ParsedConfig {
  /** The architecture. */
  readonly config: ClipConfig;
  /** What the weights expect of pictures, where the file tells it. */
  readonly preprocessing?: Preprocessing;
}

const WHAT = "the configuration of a CLIP";
const activation = z.enum(["quick_gelu", "gelu"]);

// Fields that a file leaves out have the values of transformers' CLIPConfig.
const visionSchema = z.strictObject({
  hidden_size: count.default(768),
  num_hidden_layers: count.default(12),
  num_attention_heads: count.default(12),
  intermediate_size: count.default(3072),
  image_size: side.default(224),
  patch_size: side.default(32),
  hidden_act: activation.default("quick_gelu"),
  layer_norm_eps: z.number().positive().default(1e-5),
  ...onlyEach({ model_type: ["clip_vision_model", ""], num_channels: [3], pruned_heads: [{}] }),
  ...ignored([...HUGGING_FACE_TOWER_FIELDS, "eos_token_id"]),
});
const textSchema = z.strictObject({
  hidden_size: count.default(512),
  num_hidden_layers: count.default(12),
  num_attention_heads: count.default(8),
  intermediate_size: count.default(2048),
  max_position_embeddings: count.default(77),
  vocab_size: count.default(49408),
  hidden_act: activation.default("quick_gelu"),
  layer_norm_eps: z.number().positive().default(1e-5),
  eos_token_id: z.unknown().optional(),
  ...onlyEach({ model_type: ["clip_text_model", ""], pruned_heads: [{}] }),
  ...ignored(HUGGING_FACE_TOWER_FIELDS),
});
const huggingFaceSchema = z.strictObject({
  projection_dim: count.default(512),
  vision_config: visionSchema.nullish(),
  text_config: textSchema.nullish(),
  vision_config_dict: visionSchema.nullish(),
  text_config_dict: textSchema.nullish(),
  ...onlyEach({ model_type: ["clip"], pruned_heads: [{}] }),
  ...ignored([...HUGGING_FACE_FIELDS, "eos_token_id"]),
});

/**
 * Reads a `config.json` of transformers' `CLIPModel`.
 *
 * @throws {SyntaxError} if it is no such file, naming each field that does not fit.
 */
export function parseHuggingFaceConfig(path: string, text: string): ParsedConfig {
  const parsed = parseJson(path, text, WHAT, huggingFaceSchema);
  const image = tower(
    path,
    "vision_config",
    visionSchema.parse({}),
    parsed.vision_config,
    parsed.vision_config_dict,
  );
  const textual = tower(
    path,
    "text_config",
    textSchema.parse({}),
    parsed.text_config,
    parsed.text_config_dict,
  );
  if (image.hidden_act !== textual.hidden_act) {
    throw new SyntaxError(
      `${path}: expected one activation for both towers, found ${image.hidden_act} and ${textual.hidden_act}`,
    );
  }
  if (image.layer_norm_eps !== textual.layer_norm_eps) {
    throw new SyntaxError(
      `${path}: expected one layer_norm_eps for both towers, found ${image.layer_norm_eps} and ${textual.layer_norm_eps}`,
    );
  }
  // Of 2 transformers makes the place of the highest id, which the end token's is.
  const end = textual.eos_token_id ?? 2;
  if (end !== 2 && end !== textual.vocab_size - 1) {
    throw new SyntaxError(
      `${path}: not ${WHAT}: text_config.eos_token_id: expected 2 or ${textual.vocab_size - 1}, ` +
        `the last of the vocabulary, found ${JSON.stringify(end)}`,
    );
  }
  return {
    config: checkedConfig(path, {
      dim: parsed.projection_dim,
      activation: image.hidden_act,
      epsilon: image.layer_norm_eps,
      image: {
        size: image.image_size,
        patch: image.patch_size,
        width: image.hidden_size,
        layers: image.num_hidden_layers,
        heads: image.num_attention_heads,
        hidden: image.intermediate_size,
      },
      text: {
        context: textual.max_position_embeddings,
        vocabulary: textual.vocab_size,
        width: textual.hidden_size,
        layers: textual.num_hidden_layers,
        heads: textual.num_attention_heads,
        hidden: textual.intermediate_size,
      },
    }),
  };
}

/**
 * Reads an `open_clip_config.json` of a CLIP: both towers open_clip's own, and CLIP's tokenizer.
 *
 * @throws {SyntaxError} if it is no such file, or of another model.
 */
export function parseOpenClipConfig(path: string, text: string): ParsedConfig {
  const model = parseOpenClip(path, text);
  const config = plainConfig(model);
  if (config !== undefined) return { config, preprocessing: model.preprocessing };
  throw new SyntaxError(`${path}: not ${WHAT} with open_clip's own towers and CLIP's tokenizer`);
}

/** The architecture of a model with open_clip's own towers and CLIP's tokenizer; of others undefined. */
export function plainConfig(
  { image, text, tokenizer, hasBias }: OpenClipModel,
): ClipConfig | undefined {
  if (image.kind !== "clip" || text.kind !== "clip" || tokenizer.kind !== "clip") return undefined;
  if (tokenizer.full || text.config.text.classToken || hasBias) return undefined;
  return { ...image.config, ...text.config };
}

/**
 * A tower's fields. Where `…_dict` stands beside them, an older way to say the same, transformers goes
 * by it, defaults included, and hides what the other says.
 */
function tower<Fields extends object>(
  path: string,
  name: "vision_config" | "text_config",
  defaults: Fields,
  own: Fields | null | undefined,
  other: Fields | null | undefined,
): Fields {
  const either = own ?? other;
  if (either === null || either === undefined) {
    throw new SyntaxError(`${path}: not ${WHAT}: ${name}: expected an object, found none`);
  }
  if (own === either && other !== null && other !== undefined) {
    for (const field of Object.keys(defaults) as (keyof Fields & string)[]) {
      if (own[field] === other[field]) continue;
      throw new SyntaxError(
        `${path}: ${name} and ${name}_dict contradict each other: ${field} is ${own[field]} and ` +
          `${other[field]} (left out, it is ${defaults[field]}); remove the one that is wrong`,
      );
    }
  }
  return either;
}

function checkedConfig(path: string, config: ClipConfig): ClipConfig {
  for (const part of ["image", "text"] as const) {
    const { width, heads } = config[part];
    if (width % heads === 0) continue;
    throw new SyntaxError(
      `${path}: not ${WHAT}: expected heads that share the ${part} tower's width of ${width} ` +
        `evenly, found ${heads}`,
    );
  }
  const { size, patch } = config.image;
  if (size % patch !== 0) {
    throw new SyntaxError(
      `${path}: not ${WHAT}: expected pictures of whole patches, found ${size} pixels in patches ` +
        `of ${patch}`,
    );
  }
  return config;
}
