/**
 * The fields of an `open_clip_config.json`: those that are obeyed, and all others refused by name, since
 * such weights would load and give wrong embeddings.
 *
 * @module
 */
import { z } from "zod";
import { count, ignored, onlyEach, side } from "./config_schema.ts";
import { OPEN_CLIP_TEXT_FIELDS, OPEN_CLIP_VISION_FIELDS } from "./known_fields.ts";
import { openClipPreprocessingSchema } from "./parse_preprocessing.ts";

/** Blocks of open_clip's that are not computed here. */
const otherBlocks = {
  block_type: [null, "default"],
  qk_norm: [false],
  scaled_cosine_attn: [false],
  scale_heads: [false],
  scale_attn_inner: [false],
  scale_attn: [false],
  scale_fc: [false],
};

/** What both towers of open_clip's own may have. */
const variants = {
  ls_init_value: z.number().nullish(),
  act_kwargs: z.strictObject({ approximate: z.enum(["none", "tanh"]).default("none") }).nullish(),
  norm_kwargs: z.strictObject({ eps: z.number().positive().default(1e-5) }).nullish(),
};

/** A vision transformer of open_clip's own. */
export const openClipVisionSchema = z.strictObject({
  image_size: side.default(224),
  layers: count.default(12),
  width: count.default(768),
  head_width: count.default(64),
  mlp_ratio: z.number().positive().default(4),
  patch_size: side.default(16),
  no_ln_pre: z.boolean().default(false),
  pool_type: z.enum(["tok", "avg"]).default("tok"),
  final_ln_after_pool: z.boolean().default(false),
  attentional_pool: z.boolean({ error: "expected true or false: a pooler of another kind" })
    .default(false),
  attn_pooler_queries: count.default(256),
  attn_pooler_heads: count.default(8),
  ...variants,
  ...onlyEach({
    ...otherBlocks,
    timm_model_name: [null, ""],
    pos_embed_type: ["learnable"],
    global_average_pool: [false],
    input_patchnorm: [false],
  }),
  ...ignored(OPEN_CLIP_VISION_FIELDS),
});

/** An image tower of timm's. */
export const timmVisionSchema = z.strictObject({
  image_size: side.default(224),
  timm_model_name: z.string(),
  timm_pool: z.string().nullable().default("avg"),
  timm_proj: z.string().nullable().default("linear"),
  timm_proj_bias: z.boolean().default(false),
  ...ignored([
    "timm_model_pretrained",
    "timm_drop",
    "timm_drop_path",
    "patch_dropout",
    // Of open_clip's own tower, which a name of timm's takes the place of.
    ...["layers", "width", "head_width", "mlp_ratio", "patch_size", "output_tokens"],
  ]),
});

/** A ResNet as OpenAI built it. */
export const resNetVisionSchema = z.strictObject({
  image_size: side.default(224),
  layers: z.tuple([count, count, count, count], {
    error: ({ input }) => `expected the blocks of four stages, found ${JSON.stringify(input)}`,
  }),
  width: count.default(768),
  head_width: count.default(64),
  ...onlyEach({ timm_model_name: [null, ""] }),
  ...ignored(["patch_size", "mlp_ratio", "patch_dropout", "output_tokens"]),
});

/** What makes a tokenizer of files. */
const tokenizerFields = {
  hf_tokenizer_name: z.string().nullish(),
  tokenizer_mode: z.enum(["", "clips"]).nullish(),
  tokenizer_kwargs: z.strictObject({
    clean: z.enum(["whitespace", "lower", "canonicalize"]).optional(),
    strip_sep_token: z.boolean().optional(),
  }).nullish(),
};

/** A text transformer of open_clip's own. */
export const openClipTextSchema = z.strictObject({
  context_length: count.default(77),
  vocab_size: count.default(49408),
  width: count.default(512),
  heads: count.default(8),
  layers: count.default(12),
  mlp_ratio: z.number().positive().default(4),
  no_causal_mask: z.boolean().default(false),
  embed_cls: z.boolean().default(false),
  pool_type: z.enum(["argmax", "last", "eos"]).default("argmax"),
  eos_id: z.int().default(2),
  pad_id: z.int().default(0),
  proj_type: z.enum(["linear", "none"]).default("linear"),
  proj_bias: z.boolean().default(false),
  ...tokenizerFields,
  ...variants,
  ...onlyEach({
    ...otherBlocks,
    hf_model_name: [null, ""],
    final_ln_after_pool: [false],
    proj: [null, "linear"],
  }),
  ...ignored(OPEN_CLIP_TEXT_FIELDS),
});

/** A text transformer of Hugging Face's; what its own file describes is left out here. */
export const huggingFaceTextSchema = z.strictObject({
  hf_model_name: z.string(),
  context_length: count.default(77),
  // The fourth of open_clip's 3.3, max_pooler, stops with an error there.
  hf_pooler_type: z.enum(["mean_pooler", "cls_pooler", "cls_last_hidden_state_pooler"]).nullable()
    .default("mean_pooler"),
  hf_proj_type: z.enum(["linear", "mlp"]).nullable().default("mlp"),
  ...tokenizerFields,
  ...ignored([
    ...["hf_model_pretrained", "output_tokens"],
    // Of open_clip's own tower, which a name of Hugging Face's takes the place of.
    ...Object.keys(variants),
    ...Object.keys(otherBlocks),
    ...["vocab_size", "width", "heads", "layers", "mlp_ratio", "no_causal_mask", "embed_cls"],
    ...["pool_type", "eos_id", "pad_id", "proj_type", "proj_bias", "final_ln_after_pool"],
  ]),
});

/** Of the file itself open_clip reads these two alone. */
export const openClipSchema = z.object({
  model_cfg: z.strictObject({
    embed_dim: count,
    quick_gelu: z.boolean().default(false),
    vision_cfg: z.looseObject({}),
    text_cfg: z.looseObject({}),
    custom_text: z.boolean().default(false),
    init_logit_bias: z.number().nullish(),
    // CoCa's decoder has no part in embeddings.
    multimodal_cfg: z.unknown().optional(),
    // How the tensors are laid out, and at what the logit scale begins; the weights tell both.
    ...ignored(["init_logit_scale", "nonscalar_logit_scale", "output_dict"]),
  }),
  preprocess_cfg: openClipPreprocessingSchema,
});
