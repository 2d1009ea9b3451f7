/**
 * Architectures of other families that recipes name, as open_clip configures them.
 *
 * @module
 */
import type { JsonObject } from "../../core/component.ts";
import type { FamilyArchitecture } from "./architecture_name.ts";
import type { ModelParts } from "./model_parts.ts";
import { openClipParts } from "./open_clip_parts.ts";
import { parseOpenClip } from "./parse_open_clip.ts";

/** ImageNet's mean and deviation, squashed, bilinear: as CLIPA and CLIPS were trained. */
const IMAGENET = {
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
  interpolation: "bilinear",
  resize_mode: "squash",
};
const SIGLIP = {
  mean: [0.5, 0.5, 0.5],
  std: [0.5, 0.5, 0.5],
  interpolation: "bicubic",
  resize_mode: "squash",
};
const OPENAI = {
  mean: [0.48145466, 0.4578275, 0.40821073],
  std: [0.26862954, 0.26130258, 0.27577711],
  interpolation: "bicubic",
  resize_mode: "shortest",
};

const LARGE = { image_size: 224, layers: 24, width: 1024, patch_size: 14 };
const HUGE = { image_size: 224, layers: 32, width: 1280, head_width: 80, patch_size: 14 };
const MEAN = { no_ln_pre: true, pool_type: "avg", final_ln_after_pool: true };
const EPSILON = { norm_kwargs: { eps: 1e-6 } };
const TANH = { act_kwargs: { approximate: "tanh" } };
const WORD_PIECES = { vocab_size: 32000, hf_tokenizer_name: "bert-base-uncased" };
const LAST = { pool_type: "last", no_causal_mask: true };

function clipa(
  dim: number,
  vision: JsonObject,
  text: JsonObject,
): JsonObject {
  return {
    model_cfg: {
      embed_dim: dim,
      vision_cfg: { ...vision, ...MEAN },
      text_cfg: {
        ...{ context_length: 32, ...WORD_PIECES, tokenizer_kwargs: { strip_sep_token: true } },
        ...text,
        ...LAST,
      },
    },
    preprocess_cfg: IMAGENET,
  };
}

function siglip(
  timm: string,
  [dim, heads, layers]: readonly [number, number, number],
  text: JsonObject,
): JsonObject {
  return {
    model_cfg: {
      ...{ embed_dim: dim, init_logit_bias: -10, custom_text: true },
      vision_cfg: {
        image_size: Number(timm.split("_").at(-1)),
        timm_model_name: timm,
        timm_model_pretrained: false,
        timm_pool: "map",
        timm_proj: "none",
      },
      text_cfg: {
        context_length: 64,
        tokenizer_kwargs: { clean: "canonicalize" },
        ...{ width: dim, heads, layers, proj_bias: true, ...LAST, ...EPSILON, ...text },
      },
    },
    preprocess_cfg: SIGLIP,
  };
}

/** SigLIP's vocabulary, and SigLIP 2's with what it changed in the text tower. */
const FIRST = { vocab_size: 32000, hf_tokenizer_name: "timm/ViT-B-16-SigLIP" };
const second = (repository: string) => ({
  vocab_size: 256000,
  hf_tokenizer_name: `timm/${repository}`,
  ...TANH,
});
/** Of the shape-optimised tower of 400 million parameters. */
const OPTIMISED = { mlp_ratio: 3.7362 };

function eva02(timm: string, dim: number, text: JsonObject): JsonObject {
  return {
    model_cfg: {
      ...{ embed_dim: dim, custom_text: true },
      vision_cfg: {
        image_size: 224,
        timm_model_name: timm,
        timm_model_pretrained: false,
        timm_pool: "token",
        timm_proj: null,
      },
      text_cfg: { context_length: 77, vocab_size: 49408, layers: 12, ...text },
    },
    preprocess_cfg: OPENAI,
  };
}

/** open_clip's image tower of a name beside a text tower of Hugging Face's. */
function besideRoberta(
  dim: number,
  name: string,
  rest: JsonObject,
  vision: JsonObject,
): JsonObject {
  return {
    model_cfg: {
      embed_dim: dim,
      ...rest,
      vision_cfg: vision,
      text_cfg: {
        hf_model_name: name,
        hf_tokenizer_name: name,
        hf_pooler_type: "mean_pooler",
      },
    },
    preprocess_cfg: OPENAI,
  };
}

const BASE_32 = { image_size: 224, layers: 12, width: 768, patch_size: 32 };

const CONFIGURATIONS: Readonly<Record<FamilyArchitecture, JsonObject>> = {
  "ViT-L-14-CLIPA": clipa(768, LARGE, { width: 768, heads: 12, layers: 12 }),
  "ViT-H-14-CLIPA": clipa(1024, HUGE, { width: 1024, heads: 16, layers: 24 }),
  // As UCSC-VLAA published it: CLIPA's towers but for the norms' epsilon and the text's activation.
  "ViT-L-14-CLIPS-224": {
    model_cfg: {
      embed_dim: 768,
      vision_cfg: { ...LARGE, ...MEAN, ...EPSILON },
      text_cfg: {
        ...{ context_length: 80, ...WORD_PIECES, tokenizer_mode: "clips" },
        ...{ width: 768, heads: 12, layers: 12, ...LAST, ...EPSILON, ...TANH },
      },
    },
    preprocess_cfg: IMAGENET,
  },
  "EVA02-B-16": eva02("eva02_base_patch16_clip_224", 512, { width: 512, heads: 8 }),
  "EVA02-L-14": eva02("eva02_large_patch14_clip_224", 768, { width: 768, heads: 12 }),
  "ViT-B-16-SigLIP": siglip("vit_base_patch16_siglip_224", [768, 12, 12], FIRST),
  "ViT-B-16-SigLIP2": siglip(
    "vit_base_patch16_siglip_224",
    [768, 12, 12],
    second("ViT-B-16-SigLIP2"),
  ),
  "ViT-L-16-SigLIP-256": siglip("vit_large_patch16_siglip_256", [1024, 16, 24], FIRST),
  "ViT-L-16-SigLIP2-256": siglip(
    "vit_large_patch16_siglip_256",
    [1024, 16, 24],
    second("ViT-L-16-SigLIP2-256"),
  ),
  "ViT-SO400M-14-SigLIP": siglip("vit_so400m_patch14_siglip_224", [1152, 16, 27], {
    ...FIRST,
    ...OPTIMISED,
    context_length: 16,
  }),
  "ViT-SO400M-14-SigLIP2": siglip("vit_so400m_patch14_siglip_224", [1152, 16, 27], {
    ...second("ViT-SO400M-14-SigLIP2"),
    ...OPTIMISED,
  }),
  "roberta-ViT-B-32": besideRoberta(512, "roberta-base", { quick_gelu: true }, BASE_32),
  "xlm-roberta-base-ViT-B-32": besideRoberta(512, "xlm-roberta-base", {}, BASE_32),
  "xlm-roberta-large-ViT-H-14": besideRoberta(1024, "xlm-roberta-large", {}, HUGE),
};

/** The names of all of them. */
export const FAMILY_ARCHITECTURES = Object.keys(CONFIGURATIONS) as FamilyArchitecture[];

/** Whether it is one of these. */
export function isFamilyArchitecture(name: string): name is FamilyArchitecture {
  return Object.hasOwn(CONFIGURATIONS, name);
}

/** The `open_clip_config.json` of such an architecture. */
export function familyConfiguration(name: FamilyArchitecture): JsonObject {
  return CONFIGURATIONS[name];
}

/** The towers of such an architecture. */
export function familyParts(name: FamilyArchitecture): ModelParts {
  const model = parseOpenClip(name, JSON.stringify(CONFIGURATIONS[name]));
  return openClipParts(model, model.isCustom);
}
