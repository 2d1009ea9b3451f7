/**
 * The architecture from the configuration files that come with weights.
 *
 * @module
 */
import { z } from "zod";
import type { ClipConfig } from "./config.ts";
import { count, ignored, onlyEach, parseFields, side } from "./config_schema.ts";
import {
  HUGGING_FACE_FIELDS,
  HUGGING_FACE_TOWER_FIELDS,
  OPEN_CLIP_TEXT_FIELDS,
  OPEN_CLIP_VISION_FIELDS,
} from "./known_fields.ts";
import { openClipPreprocessing, openClipPreprocessingSchema } from "./parse_preprocessing.ts";
import type { Preprocessing } from "../../core/model.ts";
import { describeFound } from "../../core/settings_error.ts";

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

// What open_clip can also build, and CLIP's own towers are not: without these checks such weights
// would load and give wrong embeddings.
const otherAttention = {
  block_type: [null, "default"],
  qk_norm: [false],
  scaled_cosine_attn: [false],
  scale_heads: [false],
  scale_attn_inner: [false],
  scale_attn: [false],
  scale_fc: [false],
  ls_init_value: [null],
  final_ln_after_pool: [false],
  act_kwargs: [null, {}],
  norm_kwargs: [null, {}],
};
// Of the file itself open_clip reads these two alone.
const openClipSchema = z.object({
  model_cfg: z.strictObject({
    embed_dim: count,
    quick_gelu: z.boolean().default(false),
    vision_cfg: z.strictObject({
      image_size: side.default(224),
      layers: z.int({
        error: ({ input }) =>
          Array.isArray(input)
            ? "the number of blocks of a vision transformer, not the stages of a ResNet such as RN50"
            : "a whole number",
      }).positive().default(12),
      width: count.default(768),
      head_width: count.default(64),
      mlp_ratio: z.number().positive().default(4),
      patch_size: side.default(16),
      ...onlyEach({
        ...otherAttention,
        timm_model_name: [null, ""],
        attentional_pool: [false],
        global_average_pool: [false],
        input_patchnorm: [false],
        no_ln_pre: [false],
        pos_embed_type: ["learnable"],
        pool_type: ["tok"],
      }),
      ...ignored(OPEN_CLIP_VISION_FIELDS),
    }),
    text_cfg: z.strictObject({
      context_length: count.default(77),
      vocab_size: count.default(49408),
      width: count.default(512),
      heads: count.default(8),
      layers: count.default(12),
      mlp_ratio: z.number().positive().default(4),
      ...onlyEach({
        ...otherAttention,
        hf_model_name: [null, ""],
        hf_tokenizer_name: [null, ""],
        tokenizer_mode: [null, ""],
        tokenizer_kwargs: [null, {}, { clean: "lower" }],
        embed_cls: [false],
        no_causal_mask: [false],
        pool_type: ["argmax"],
        proj: [null, "linear"],
        proj_bias: [false],
        proj_type: ["linear"],
      }),
      ...ignored(OPEN_CLIP_TEXT_FIELDS),
    }),
    // How the tensors are named, and at what the logit scale begins; the weights tell both.
    ...ignored(["custom_text", "init_logit_scale", "nonscalar_logit_scale", "output_dict"]),
    ...onlyEach({ init_logit_bias: [null], multimodal_cfg: [null] }),
  }),
  preprocess_cfg: openClipPreprocessingSchema,
});

/**
 * Reads a `config.json` of transformers' `CLIPModel`.
 *
 * @throws {SyntaxError} if it is no such file, naming each field that does not fit.
 */
export function parseHuggingFaceConfig(path: string, text: string): ParsedConfig {
  const parsed = parseFields(path, text, WHAT, huggingFaceSchema);
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
        `the last of the vocabulary, found ${describeFound(end)}`,
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
 * Reads an `open_clip_config.json`.
 *
 * @throws {SyntaxError} if it is no such file, or of a model whose towers are not CLIP's own.
 */
export function parseOpenClipConfig(path: string, text: string): ParsedConfig {
  const { model_cfg, preprocess_cfg } = parseFields(path, text, WHAT, openClipSchema);
  const { vision_cfg: image, text_cfg } = model_cfg;
  if (image.width % image.head_width !== 0) {
    throw new SyntaxError(
      `${path}: not ${WHAT}: model_cfg.vision_cfg.head_width: expected a divisor of the width ` +
        `${image.width}, found ${image.head_width}`,
    );
  }
  const config = checkedConfig(path, {
    dim: model_cfg.embed_dim,
    activation: model_cfg.quick_gelu ? "quick_gelu" : "gelu",
    epsilon: 1e-5,
    image: {
      size: image.image_size,
      patch: image.patch_size,
      width: image.width,
      layers: image.layers,
      heads: image.width / image.head_width,
      hidden: Math.floor(image.width * image.mlp_ratio),
    },
    text: {
      context: text_cfg.context_length,
      vocabulary: text_cfg.vocab_size,
      width: text_cfg.width,
      layers: text_cfg.layers,
      heads: text_cfg.heads,
      hidden: Math.floor(text_cfg.width * text_cfg.mlp_ratio),
    },
  });
  return { config, preprocessing: openClipPreprocessing(path, preprocess_cfg, config.image.size) };
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
