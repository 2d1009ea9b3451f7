/**
 * What an `open_clip_config.json` describes.
 *
 * @module
 */
import type { z } from "zod";
import type { BertConfig, BertTextConfig } from "./bert/bert_config.ts";
import { parseBertText } from "./bert/parse_bert_text.ts";
import { parseFields, parseJson } from "./config_schema.ts";
import type { ImageTowerConfig, TextTowerConfig, TowerVariants } from "./config.ts";
import {
  openClipSchema,
  openClipTextSchema,
  openClipVisionSchema,
  resNetVisionSchema,
  timmVisionSchema,
} from "./open_clip_schema.ts";
import { openClipPreprocessing } from "./parse_preprocessing.ts";
import type { Preprocessing } from "../../core/model.ts";
import type { ResNetConfig } from "./resnet/resnet_config.ts";
import type { TokenizerChoice } from "./tokenizer_choice.ts";
import { type TimmConfig, timmConfig } from "./vit/timm_config.ts";

/** A model of open_clip's. */
export interface OpenClipModel {
  /** Length of an embedding. */
  readonly dim: number;
  readonly image: OpenClipImage;
  readonly text: OpenClipText;
  readonly tokenizer: TokenizerChoice;
  readonly preprocessing: Preprocessing;
  /** Whether similarities have a bias. */
  readonly hasBias: boolean;
  /** Whether the text tower is a module of its own. */
  readonly isCustom: boolean;
}

/** An image tower of open_clip's own, one of timm's, or a ResNet. */
export type OpenClipImage =
  | { readonly kind: "clip"; readonly config: ImageTowerConfig }
  | { readonly kind: "timm"; readonly config: TimmConfig }
  | { readonly kind: "resnet"; readonly config: ResNetConfig };

/** A text tower of open_clip's own, or one of Hugging Face's. */
export type OpenClipText =
  | { readonly kind: "clip"; readonly config: TextTowerConfig }
  | { readonly kind: "bert"; readonly config: BertTextConfig };

const WHAT = "the configuration of a CLIP";

/**
 * Reads an `open_clip_config.json`.
 *
 * @param bert The text tower that it names, where that is none of the published ones (`findBert`).
 * @throws {SyntaxError} if it is no such file, or of towers that are not computed here, naming each field
 *   or the family that they are of.
 */
export function parseOpenClip(path: string, text: string, bert?: BertConfig): OpenClipModel {
  const { model_cfg, preprocess_cfg } = parseJson(path, text, WHAT, openClipSchema);
  const { embed_dim: dim, quick_gelu, vision_cfg, text_cfg } = model_cfg;
  const general = {
    dim,
    activation: quick_gelu ? "quick_gelu" : "gelu",
    epsilon: 1e-5,
  } as const;
  const image = imageOf(path, general, vision_cfg);
  const { tower, tokenizer } = textOf(path, general, text_cfg, bert);
  const { size } = image.kind === "clip" ? image.config.image : image.config;
  return {
    dim,
    image,
    text: tower,
    tokenizer,
    preprocessing: openClipPreprocessing(path, preprocess_cfg, size),
    hasBias: model_cfg.init_logit_bias !== null && model_cfg.init_logit_bias !== undefined,
    isCustom: model_cfg.custom_text,
  };
}

type General = Pick<ImageTowerConfig, "dim" | "activation" | "epsilon">;

function imageOf(path: string, general: General, given: object): OpenClipImage {
  const place = "model_cfg.vision_cfg";
  if ("timm_model_name" in given && typeof given.timm_model_name === "string") {
    const fields = parseFields(path, given, WHAT, timmVisionSchema, place);
    return { kind: "timm", config: timmOf(path, fields, general.dim) };
  }
  if ("layers" in given && Array.isArray(given.layers)) {
    const fields = parseFields(path, given, WHAT, resNetVisionSchema, place);
    const { layers, width, head_width, image_size: size } = fields;
    if (size % 32 !== 0) {
      throw new SyntaxError(
        `${path}: ${place}.image_size: expected a multiple of 32, found ${size}`,
      );
    }
    return {
      kind: "resnet",
      config: { family: "ResNet", size, layers, width, heads: width * 32 / head_width },
    };
  }
  const fields = parseFields(path, given, WHAT, openClipVisionSchema, place);
  const { width, head_width, image_size: size, patch_size: patch } = fields;
  if (width % head_width !== 0) {
    throw new SyntaxError(
      `${path}: not ${WHAT}: ${place}.head_width: expected a divisor of the width ${width}, ` +
        `found ${head_width}`,
    );
  }
  if (size % patch !== 0) {
    throw new SyntaxError(
      `${path}: not ${WHAT}: expected pictures of whole patches, found ${size} pixels in patches ` +
        `of ${patch}`,
    );
  }
  return {
    kind: "clip",
    config: {
      ...general,
      image: {
        size,
        patch,
        width,
        layers: fields.layers,
        heads: width / head_width,
        hidden: Math.floor(width * fields.mlp_ratio),
        ...(fields.no_ln_pre ? { preNorm: false } : {}),
        ...(fields.attentional_pool
          ? { pool: { heads: fields.attn_pooler_heads, queries: fields.attn_pooler_queries } }
          : fields.pool_type === "avg"
          ? { pool: "mean" as const }
          : {}),
        // open_clip takes no notice of it where a query pools.
        ...(fields.final_ln_after_pool && !fields.attentional_pool ? { normAfterPool: true } : {}),
        ...variantsOf(path, place, general, fields),
      },
    },
  };
}

function variantsOf(
  path: string,
  place: string,
  general: General,
  { act_kwargs, norm_kwargs, ls_init_value }: Pick<
    z.output<typeof openClipVisionSchema>,
    "act_kwargs" | "norm_kwargs" | "ls_init_value"
  >,
): Partial<TowerVariants> {
  if (general.activation === "quick_gelu" && (act_kwargs ?? undefined) !== undefined) {
    throw new SyntaxError(
      `${path}: ${place}.act_kwargs: expected none beside quick_gelu, which takes none`,
    );
  }
  const epsilon = norm_kwargs?.eps ?? general.epsilon;
  return {
    ...(act_kwargs?.approximate === "tanh" ? { activation: "gelu_tanh" } : {}),
    ...(epsilon === general.epsilon ? {} : { epsilon }),
    ...((ls_init_value ?? undefined) === undefined ? {} : { scaled: true }),
  };
}

/** Whose image towers timm also has, by its name for them. */
const OTHER_TOWERS: readonly (readonly [pattern: RegExp, family: string])[] = [
  [/^convnext/, "ConvNeXt"],
  [/^swin/, "Swin"],
  [/^vitamin/, "ViTamin"],
  [/^fastvit/, "FastViT, as in the smaller MobileCLIPs"],
  [/^vit_relpos/, "a ViT with relative positions"],
];

function timmOf(
  path: string,
  fields: z.output<typeof timmVisionSchema>,
  dim: number,
): TimmConfig {
  const name = fields.timm_model_name;
  const config = timmConfig(name);
  if (config === undefined) {
    const [, family] = OTHER_TOWERS.find(([pattern]) => pattern.test(name)) ?? [];
    throw new SyntaxError(
      `${path}: not ${WHAT} that is computed here: its image tower is ${
        family === undefined ? "" : `${family} (`
      }timm's ${name}${
        family === undefined ? "" : ")"
      }; of timm's, SigLIP's, EVA's, MobileCLIP-B's, ` +
        "CLIP's and the Perception Encoder's are",
    );
  }
  const projection = config.head === "none" ? "none" : config.head === "behind" ? "linear" : null;
  for (
    const [field, found, expected] of [
      ["image_size", fields.image_size, config.size],
      ["timm_pool", fields.timm_pool, config.timmPool],
      ["timm_proj", fields.timm_proj || null, projection],
      ["timm_proj_bias", fields.timm_proj_bias, false],
    ]
  ) {
    if (found === expected) continue;
    throw new SyntaxError(
      `${path}: model_cfg.vision_cfg.${field}: expected ${JSON.stringify(expected)} of ` +
        `${config.family} (timm's ${name}), found ${JSON.stringify(found)}`,
    );
  }
  if (config.head === "none" && config.width !== dim) {
    throw new SyntaxError(
      `${path}: model_cfg.embed_dim: expected ${config.width}, the width of timm's ${name}, which has no ` +
        `projection, found ${dim}`,
    );
  }
  return config;
}

/** Whether open_clip takes the text tower from Hugging Face. */
function isHuggingFaceText(given: object): given is { readonly hf_model_name: string } {
  return "hf_model_name" in given && typeof given.hf_model_name === "string" &&
    given.hf_model_name !== "";
}

interface ParsedText {
  readonly tower: OpenClipText;
  readonly tokenizer: TokenizerChoice;
}

function textOf(
  path: string,
  general: General,
  given: object,
  bert: BertConfig | undefined,
): ParsedText {
  const place = "model_cfg.text_cfg";
  const fail = (field: string, fault: string): never => {
    throw new SyntaxError(`${path}: not ${WHAT}: ${place}.${field}: ${fault}`);
  };
  if (isHuggingFaceText(given)) {
    const parsed = parseBertText({ path, what: WHAT, place }, general.dim, given, bert);
    return { tower: { kind: "bert", config: parsed.config }, tokenizer: parsed.tokenizer };
  }
  const fields = parseFields(path, given, WHAT, openClipTextSchema, place);
  const { width, heads, no_causal_mask, pool_type, proj_type, proj_bias } = fields;
  if (width % heads !== 0) {
    fail("heads", `expected heads that share the width of ${width} evenly, found ${heads}`);
  }
  const isFile = (fields.hf_tokenizer_name ?? "") !== "";
  if (pool_type === "argmax" && isFile) {
    fail("pool_type", "expected last or eos beside a tokenizer that is not CLIP's, found argmax");
  }
  if (pool_type === "eos" && (no_causal_mask || !isFile)) {
    fail("pool_type", "expected eos only beside a causal mask and a tokenizer that is not CLIP's");
  }
  const full = pool_type === "last" || no_causal_mask;
  const tower = {
    kind: "clip" as const,
    config: {
      ...general,
      text: {
        context: fields.context_length,
        vocabulary: fields.vocab_size,
        width,
        layers: fields.layers,
        heads,
        hidden: Math.floor(width * fields.mlp_ratio),
        ...(no_causal_mask ? { causal: false } : {}),
        ...(full && pool_type === "argmax" ? { pool: "highest" as const } : {}),
        ...(fields.embed_cls ? { classToken: true } : {}),
        ...(proj_type === "none"
          ? { projectionBias: "none" as const }
          : proj_bias
          ? { projectionBias: true }
          : {}),
        ...variantsOf(path, place, general, fields),
      },
    },
  };
  if (proj_type === "none" && width !== general.dim) {
    fail("proj_type", `expected linear, as the width ${width} is not embed_dim, found none`);
  }
  if (fields.embed_cls && (no_causal_mask || fields.pad_id !== 0 || isFile)) {
    fail("embed_cls", "expected it only beside a causal mask and CLIP's tokenizer, as in CoCa");
  }
  const end = pool_type === "eos" ? fields.eos_id : undefined;
  return { tower, tokenizer: tokenizerOf(path, fields, { full, end }) };
}

function tokenizerOf(
  path: string,
  { hf_tokenizer_name, tokenizer_mode, tokenizer_kwargs }: Pick<
    z.output<typeof openClipTextSchema>,
    "hf_tokenizer_name" | "tokenizer_mode" | "tokenizer_kwargs"
  >,
  { full, end }: { readonly full: boolean; readonly end?: number | undefined },
): TokenizerChoice {
  if ((hf_tokenizer_name ?? "") === "") {
    const { clean = "lower", strip_sep_token = false } = tokenizer_kwargs ?? {};
    if (clean !== "lower" || strip_sep_token || (tokenizer_mode ?? "") !== "") {
      throw new SyntaxError(
        `${path}: not ${WHAT}: model_cfg.text_cfg.tokenizer_kwargs: expected CLIP's tokenizer as it is ` +
          `("clean": "lower"), found ${JSON.stringify({ ...tokenizer_kwargs, tokenizer_mode })}`,
      );
    }
    return { kind: "clip", reference: "open_clip", full };
  }
  return {
    kind: "file",
    repository: hf_tokenizer_name!,
    cleaning: tokenizer_kwargs?.clean ?? "whitespace",
    full,
    end,
    ...(tokenizer_kwargs?.strip_sep_token ? { stripSeparator: true } : {}),
    ...(tokenizer_mode === "clips" ? { clips: true } : {}),
  };
}
