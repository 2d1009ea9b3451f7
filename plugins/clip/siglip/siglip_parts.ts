/**
 * SigLIP as transformers has it (Zhai et al. 2023; SigLIP 2 of a fixed size is the same).
 *
 * @module
 */
import { z } from "zod";
import { transformersFit } from "../../../core/images/square_fit.ts";
import type { Preprocessing } from "../../../core/model.ts";
import type { Activation } from "../../../core/nn/transformer_config.ts";
import type { ClipTextConfig } from "../config.ts";
import { count, ignored, onlyEach, parseJson, side } from "../config_schema.ts";
import { HUGGING_FACE_FIELDS, HUGGING_FACE_TOWER_FIELDS } from "../known_fields.ts";
import type { ModelParts } from "../model_parts.ts";
import { type ClipNames, huggingFaceNames } from "../names.ts";
import { clipTextShapes } from "../parameters.ts";
import { clipTextTower } from "../text_tower.ts";
import type { VitConfig } from "../vit/vit_config.ts";
import { siglipNames } from "../vit/siglip_names.ts";
import { vitShapes } from "../vit/vit_shapes.ts";
import { vitTower } from "../vit/vit_tower.ts";
import { siglipTokenizer } from "./siglip_tokenizer.ts";

/** The architecture of a SigLIP. */
export interface SiglipConfig {
  /** Length of an embedding, which is the image tower's width. */
  readonly dim: number;
  readonly image: VitConfig;
  readonly text: ClipTextConfig & { readonly activation: Activation; readonly epsilon: number };
}

const WHAT = "the configuration of a SigLIP";
const activation = z.enum(["gelu_pytorch_tanh", "gelu"]).default("gelu_pytorch_tanh")
  .transform((name): Activation => name === "gelu" ? "gelu" : "gelu_tanh");

// What a file leaves out has the values of transformers' SiglipConfig.
const tower = {
  hidden_size: count.default(768),
  num_hidden_layers: count.default(12),
  num_attention_heads: count.default(12),
  intermediate_size: count.default(3072),
  hidden_act: activation,
  layer_norm_eps: z.number().positive().default(1e-6),
};
const visionSchema = z.strictObject({
  ...tower,
  image_size: side.default(224),
  patch_size: side.default(16),
  ...onlyEach({
    model_type: ["siglip_vision_model", ""],
    num_channels: [3],
    pruned_heads: [{}],
    vision_use_head: [true],
  }),
  ...ignored(HUGGING_FACE_TOWER_FIELDS),
});
const textSchema = z.strictObject({
  ...tower,
  vocab_size: count.default(32000),
  max_position_embeddings: count.default(64),
  projection_size: count.nullish(),
  ...onlyEach({ model_type: ["siglip_text_model", ""], pruned_heads: [{}] }),
  ...ignored([...HUGGING_FACE_TOWER_FIELDS, "eos_token_id"]),
});
const schema = z.strictObject({
  vision_config: visionSchema.nullish(),
  text_config: textSchema.nullish(),
  ...onlyEach({ model_type: ["siglip"], pruned_heads: [{}] }),
  ...ignored([...HUGGING_FACE_FIELDS, "eos_token_id"]),
});

/**
 * Reads a `config.json` of transformers' `SiglipModel`.
 *
 * @throws {SyntaxError} if it is no such file, naming each field that does not fit.
 */
export function parseSiglip(path: string, text: string): SiglipConfig {
  const parsed = parseJson(path, text, WHAT, schema);
  const image = parsed.vision_config ?? visionSchema.parse({});
  const textual = parsed.text_config ?? textSchema.parse({});
  const dim = textual.projection_size ?? textual.hidden_size;
  if (dim !== image.hidden_size) {
    throw new SyntaxError(
      `${path}: not ${WHAT}: text_config.projection_size: expected ${image.hidden_size}, the width of ` +
        `the image tower, found ${dim}`,
    );
  }
  for (const [name, { hidden_size, num_attention_heads }] of Object.entries({ image, textual })) {
    if (hidden_size % num_attention_heads === 0) continue;
    throw new SyntaxError(
      `${path}: not ${WHAT}: expected heads that share the ${
        name === "image" ? "image" : "text"
      } tower's width of ${hidden_size} evenly, found ${num_attention_heads}`,
    );
  }
  const sizes = (fields: z.output<typeof visionSchema> | z.output<typeof textSchema>) => ({
    width: fields.hidden_size,
    layers: fields.num_hidden_layers,
    heads: fields.num_attention_heads,
    hidden: fields.intermediate_size,
    activation: fields.hidden_act,
    epsilon: fields.layer_norm_eps,
  });
  return {
    dim,
    image: {
      ...sizes(image),
      size: image.image_size,
      patch: image.patch_size,
      classToken: "none",
      pool: { heads: image.num_attention_heads, hidden: image.intermediate_size },
    },
    text: {
      ...sizes(textual),
      context: textual.max_position_embeddings,
      vocabulary: textual.vocab_size,
      causal: false,
      projectionBias: true,
    },
  };
}

/** The text tower's names; only they are looked at. */
const textNames: ClipNames = {
  ...huggingFaceNames,
  text: {
    ...huggingFaceNames.text,
    projection: { name: "text_model.head", layout: "dim-width" },
  },
};

/**
 * A SigLIP's towers.
 *
 * @param preprocessing Default: transformers'.
 * @param tokenizer Its `tokenizer_config.json`.
 */
export function siglipParts(
  config: SiglipConfig,
  preprocessing: Preprocessing | undefined,
  tokenizer: { readonly path: string; readonly text: string } | undefined,
): ModelParts {
  const { dim, image, text } = config;
  const textSide = { dim, activation: text.activation, epsilon: text.epsilon, text };
  return {
    family: "SigLIP",
    dim,
    image: { tower: vitTower(image, siglipNames, dim), shapes: vitShapes(image, siglipNames, dim) },
    text: {
      tower: clipTextTower(textSide, textNames),
      shapes: clipTextShapes(textSide, textNames),
    },
    tokenizer: siglipTokenizer(tokenizer),
    preprocessing: preprocessing ?? {
      mean: [0.5, 0.5, 0.5],
      deviation: [0.5, 0.5, 0.5],
      size: image.size,
      fit: { ...transformersFit, resize: "squash" },
    },
    logitScale: "logit_scale",
    logitBias: "logit_bias",
  };
}
