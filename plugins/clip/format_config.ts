/**
 * Configuration files for weights that have none yet.
 *
 * @module
 */
import type { JsonObject } from "../../core/component.ts";
import type { Normalization } from "../../core/images/raster.ts";
import type { ClipConfig } from "./config.ts";

/** What open_clip reads beside `open_clip_model.safetensors`. */
export function openClipConfig(
  { dim, activation, image, text }: ClipConfig,
  { mean, deviation }: Normalization,
): JsonObject {
  return {
    model_cfg: {
      embed_dim: dim,
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
    preprocess_cfg: { mean, std: deviation, interpolation: "bicubic", resize_mode: "shortest" },
  };
}

/** What transformers reads as `config.json`. */
export function huggingFaceConfig(
  { dim, activation, epsilon, image, text }: ClipConfig,
): JsonObject {
  return {
    architectures: ["CLIPModel"],
    model_type: "clip",
    projection_dim: dim,
    logit_scale_init_value: 2.6592,
    torch_dtype: "float32",
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

/** What transformers reads as `preprocessor_config.json`. */
export function huggingFacePreprocessor(
  { image: { size } }: ClipConfig,
  { mean, deviation }: Normalization,
): JsonObject {
  return {
    image_processor_type: "CLIPImageProcessor",
    do_resize: true,
    size: { shortest_edge: size },
    resample: 3,
    do_center_crop: true,
    crop_size: { height: size, width: size },
    do_rescale: true,
    rescale_factor: 1 / 255,
    do_normalize: true,
    image_mean: mean,
    image_std: deviation,
    do_convert_rgb: true,
  };
}
