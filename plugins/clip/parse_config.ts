/**
 * The architecture from the configuration files that come with weights.
 *
 * @module
 */
import { z } from "zod";
import type { ClipConfig } from "./config.ts";
import type { Normalization } from "../../core/images/raster.ts";

/** What a configuration file says. */
export interface ParsedConfig {
  /** The architecture. */
  readonly config: ClipConfig;
  /** Mean and deviation, where the file has them. */
  readonly normalization?: Normalization;
}

const activation = z.enum(["quick_gelu", "gelu"]);
const triple = z.tuple([z.number(), z.number(), z.number()]);

// Fields that a file leaves out have the values of transformers' CLIPConfig.
const huggingFaceSchema = z.object({
  projection_dim: z.number().int().positive().default(512),
  vision_config: z.object({
    hidden_size: z.number().int().positive().default(768),
    num_hidden_layers: z.number().int().positive().default(12),
    num_attention_heads: z.number().int().positive().default(12),
    intermediate_size: z.number().int().positive().default(3072),
    image_size: z.number().int().positive().default(224),
    patch_size: z.number().int().positive().default(32),
    hidden_act: activation.default("quick_gelu"),
    layer_norm_eps: z.number().positive().default(1e-5),
  }),
  text_config: z.object({
    hidden_size: z.number().int().positive().default(512),
    num_hidden_layers: z.number().int().positive().default(12),
    num_attention_heads: z.number().int().positive().default(8),
    intermediate_size: z.number().int().positive().default(2048),
    max_position_embeddings: z.number().int().positive().default(77),
    vocab_size: z.number().int().positive().default(49408),
    hidden_act: activation.default("quick_gelu"),
    layer_norm_eps: z.number().positive().default(1e-5),
  }),
});

// What open_clip can also build, and CLIP's own towers are not: without these checks such weights
// would load and give wrong embeddings.
const otherVision = {
  timm_model_name: z.null(),
  ls_init_value: z.null(),
  attentional_pool: z.literal(false),
  no_ln_pre: z.literal(false),
  pos_embed_type: z.literal("learnable"),
  final_ln_after_pool: z.literal(false),
  pool_type: z.literal("tok"),
  act_kwargs: z.null(),
  norm_kwargs: z.null(),
};
const otherText = {
  hf_model_name: z.null(),
  ls_init_value: z.null(),
  embed_cls: z.literal(false),
  no_causal_mask: z.literal(false),
  final_ln_after_pool: z.literal(false),
  pool_type: z.literal("argmax"),
  proj_bias: z.literal(false),
  proj_type: z.literal("linear"),
  act_kwargs: z.null(),
  norm_kwargs: z.null(),
};

const openClipSchema = z.object({
  model_cfg: z.object({
    embed_dim: z.number().int().positive(),
    quick_gelu: z.boolean().default(false),
    vision_cfg: z.object({
      image_size: z.number().int().positive().default(224),
      layers: z.number().int().positive().default(12),
      width: z.number().int().positive().default(768),
      head_width: z.number().int().positive().default(64),
      mlp_ratio: z.number().positive().default(4),
      patch_size: z.number().int().positive().default(16),
      ...z.object(otherVision).partial().shape,
    }),
    text_cfg: z.object({
      context_length: z.number().int().positive().default(77),
      vocab_size: z.number().int().positive().default(49408),
      width: z.number().int().positive().default(512),
      heads: z.number().int().positive().default(8),
      layers: z.number().int().positive().default(12),
      mlp_ratio: z.number().positive().default(4),
      ...z.object(otherText).partial().shape,
    }),
  }),
  preprocess_cfg: z.object({ mean: triple.optional(), std: triple.optional() }).default({}),
});

/**
 * Reads a `config.json` of transformers' `CLIPModel`.
 *
 * @throws {SyntaxError} if it is no such file, naming each field that does not fit.
 */
export function parseHuggingFaceConfig(path: string, text: string): ParsedConfig {
  const { projection_dim, vision_config: image, text_config } = parse(
    path,
    text,
    huggingFaceSchema,
  );
  if (image.hidden_act !== text_config.hidden_act) {
    throw new SyntaxError(
      `${path}: expected one activation for both towers, found ${image.hidden_act} and ${text_config.hidden_act}`,
    );
  }
  if (image.layer_norm_eps !== text_config.layer_norm_eps) {
    throw new SyntaxError(
      `${path}: expected one layer_norm_eps for both towers, found ${image.layer_norm_eps} and ${text_config.layer_norm_eps}`,
    );
  }
  return {
    config: {
      dim: projection_dim,
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
        context: text_config.max_position_embeddings,
        vocabulary: text_config.vocab_size,
        width: text_config.hidden_size,
        layers: text_config.num_hidden_layers,
        heads: text_config.num_attention_heads,
        hidden: text_config.intermediate_size,
      },
    },
  };
}

/**
 * Reads an `open_clip_config.json`.
 *
 * @throws {SyntaxError} if it is no such file, or of a model whose towers are not CLIP's own.
 */
export function parseOpenClipConfig(path: string, text: string): ParsedConfig {
  const { model_cfg, preprocess_cfg: { mean, std } } = parse(path, text, openClipSchema);
  const { vision_cfg: image, text_cfg } = model_cfg;
  return {
    config: {
      dim: model_cfg.embed_dim,
      activation: model_cfg.quick_gelu ? "quick_gelu" : "gelu",
      epsilon: 1e-5,
      image: {
        size: image.image_size,
        patch: image.patch_size,
        width: image.width,
        layers: image.layers,
        heads: Math.floor(image.width / image.head_width),
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
    },
    ...(mean !== undefined && std !== undefined ? { normalization: { mean, deviation: std } } : {}),
  };
}

/**
 * Reads a `preprocessor_config.json` of transformers.
 *
 * @throws {SyntaxError} if it is no such file.
 */
export function parsePreprocessor(path: string, text: string): Normalization | undefined {
  const schema = z.object({ image_mean: triple.optional(), image_std: triple.optional() });
  const { image_mean: mean, image_std: deviation } = parse(path, text, schema);
  return mean === undefined || deviation === undefined ? undefined : { mean, deviation };
}

function parse<S extends z.ZodType>(path: string, text: string, schema: S): z.output<S> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new SyntaxError(`${path}: expected JSON: ${(error as Error).message}`);
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new SyntaxError(`${path}: not the configuration of a CLIP: ${faults.join("; ")}`);
}
