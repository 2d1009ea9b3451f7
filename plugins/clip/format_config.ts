/**
 * Configuration files for weights that have none yet.
 *
 * @module
 */
import type { JsonObject } from "../../core/component.ts";
import { openClipFit, type SquareFit, transformersFit } from "../../core/images/square_fit.ts";
import type { Preprocessing } from "../../core/model.ts";
import type { ClipConfig } from "./config.ts";
import type { ClipNames } from "./names.ts";

/**
 * What open_clip reads beside `open_clip_model.safetensors`.
 *
 * @param names Tell whether the text tower stands in a module of its own.
 * @throws {RangeError} if open_clip has no setting for a part of the preprocessing.
 */
export function openClipConfig(
  { dim, activation, image, text }: ClipConfig,
  { mean, deviation, scale, size, fit = openClipFit }: Preprocessing,
  names: ClipNames,
): JsonObject {
  const { resize, side = size, interpolation, fill } = fit;
  expectSettings("open_clip", {
    interpolation: [interpolation, "bicubic", "bilinear"],
    side: [side, size],
    scale: [scale, undefined],
    oddPixel: [fit.oddPixel, openClipFit.oddPixel],
    convert: [fit.convert, openClipFit.convert],
  });
  return {
    model_cfg: {
      embed_dim: dim,
      ...(names.text.token.startsWith("text.") ? { custom_text: true } : {}),
      quick_gelu: activation === "quick_gelu",
      vision_cfg: {
        image_size: image.size,
        layers: image.layers,
        width: image.width,
        head_width: image.width / image.heads,
        mlp_ratio: image.hidden / image.width,
        patch_size: image.patch,
      },
      text_cfg: {
        context_length: text.context,
        vocab_size: text.vocabulary,
        width: text.width,
        heads: text.heads,
        layers: text.layers,
        mlp_ratio: text.hidden / text.width,
      },
    },
    preprocess_cfg: {
      mean,
      std: deviation,
      interpolation,
      resize_mode: resize,
      ...(resize === "longest" ? { fill_color: fill ?? 0 } : {}),
    },
  };
}

/**
 * What transformers reads as `config.json`.
 *
 * @param dtype The element type of the weights, in which they are loaded again.
 */
export function huggingFaceConfig(
  { dim, activation, epsilon, image, text }: ClipConfig,
  dtype: string,
): JsonObject {
  return {
    architectures: ["CLIPModel"],
    model_type: "clip",
    projection_dim: dim,
    logit_scale_init_value: 2.6592,
    torch_dtype: dtype,
    vision_config: {
      model_type: "clip_vision_model",
      hidden_size: image.width,
      num_hidden_layers: image.layers,
      num_attention_heads: image.heads,
      intermediate_size: image.hidden,
      image_size: image.size,
      patch_size: image.patch,
      hidden_act: activation,
      layer_norm_eps: epsilon,
      projection_dim: dim,
    },
    text_config: {
      model_type: "clip_text_model",
      hidden_size: text.width,
      num_hidden_layers: text.layers,
      num_attention_heads: text.heads,
      intermediate_size: text.hidden,
      max_position_embeddings: text.context,
      vocab_size: text.vocabulary,
      hidden_act: activation,
      layer_norm_eps: epsilon,
      projection_dim: dim,
      bos_token_id: text.vocabulary - 2,
      eos_token_id: text.vocabulary - 1,
    },
  };
}

/** The numbers of Pillow's filters. */
const RESAMPLE = { lanczos: 1, bilinear: 2, bicubic: 3 } as const;

/**
 * What transformers reads as `preprocessor_config.json`, version 5 also where it would rather have a
 * `processor_config.json`.
 *
 * @throws {RangeError} if transformers has no setting for a part of the preprocessing.
 */
export function huggingFacePreprocessor(
  { mean, deviation, scale = 1 / 255, size, fit = openClipFit }: Preprocessing,
): JsonObject {
  const { resize, side = size, interpolation } = fit;
  expectSettings("transformers", {
    resize: [resize, "shortest", "squash"],
    oddPixel: [fit.oddPixel, transformersFit.oddPixel],
    convert: [fit.convert, transformersFit.convert],
  });
  return {
    image_processor_type: "CLIPImageProcessor",
    do_resize: true,
    size: resize === "squash" ? { height: side, width: side } : { shortest_edge: side },
    resample: RESAMPLE[interpolation],
    do_center_crop: true,
    crop_size: { height: size, width: size },
    do_rescale: true,
    rescale_factor: scale,
    do_normalize: true,
    image_mean: mean,
    image_std: deviation,
    do_convert_rgb: true,
  };
}

/** Each setting as it is, and what it may be. */
function expectSettings(
  program: string,
  settings: Partial<Record<keyof SquareFit | "scale", readonly unknown[]>>,
): void {
  for (const [name, [found, ...known]] of Object.entries(settings)) {
    if (known.includes(found)) continue;
    throw new RangeError(
      `preprocessing: ${name} ${found}: ${program}'s configuration has no setting for it`,
    );
  }
}
