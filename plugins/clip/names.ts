/**
 * Under which names a checkpoint keeps the parameters of a CLIP, and how each is laid out.
 *
 * @module
 */
import type { BlockNames, LinearNames, ProjectionName } from "../../core/nn/parameter_names.ts";

/** Where each parameter is found. */
export interface ClipNames {
  /** Which of the two ways to name them it is. */
  readonly scheme: "open_clip" | "huggingface";
  /** The image tower's parameters; `block` gives those of a layer, counted from 0. */
  readonly image: {
    readonly classEmbedding: string;
    readonly patch: string;
    readonly position: string;
    readonly preNorm: LinearNames;
    readonly block: (layer: number) => BlockNames;
    readonly postNorm: LinearNames;
    readonly projection: ProjectionName;
  };
  /** The text tower's parameters; `block` gives those of a layer, counted from 0. */
  readonly text: {
    readonly token: string;
    readonly position: string;
    readonly block: (layer: number) => BlockNames;
    readonly finalNorm: LinearNames;
    readonly projection: ProjectionName;
  };
  /** The logarithm of the logit scale. */
  readonly logitScale: string;
}

/** OpenAI's names, which open_clip kept. */
export const openClipNames: ClipNames = {
  scheme: "open_clip",
  image: {
    classEmbedding: "visual.class_embedding",
    patch: "visual.conv1.weight",
    position: "visual.positional_embedding",
    preNorm: linear("visual.ln_pre"),
    block: (layer) => openClipBlock(`visual.transformer.resblocks.${layer}`),
    postNorm: linear("visual.ln_post"),
    projection: { name: "visual.proj", layout: "width-dim" },
  },
  text: {
    token: "token_embedding.weight",
    position: "positional_embedding",
    block: (layer) => openClipBlock(`transformer.resblocks.${layer}`),
    finalNorm: linear("ln_final"),
    projection: { name: "text_projection", layout: "width-dim" },
  },
  logitScale: "logit_scale",
};

/** open_clip's names where the text tower is a module of its own (its `CustomTextCLIP`). */
export const customTextNames: ClipNames = {
  ...openClipNames,
  text: {
    token: "text.token_embedding.weight",
    position: "text.positional_embedding",
    block: (layer) => openClipBlock(`text.transformer.resblocks.${layer}`),
    finalNorm: linear("text.ln_final"),
    projection: { name: "text.text_projection", layout: "width-dim" },
  },
};

/** The names of `CLIPModel` in Hugging Face transformers (its `pre_layrnorm` is spelled so). */
export const huggingFaceNames: ClipNames = {
  scheme: "huggingface",
  image: {
    classEmbedding: "vision_model.embeddings.class_embedding",
    patch: "vision_model.embeddings.patch_embedding.weight",
    position: "vision_model.embeddings.position_embedding.weight",
    preNorm: linear("vision_model.pre_layrnorm"),
    block: (layer) => huggingFaceBlock(`vision_model.encoder.layers.${layer}`),
    postNorm: linear("vision_model.post_layernorm"),
    projection: { name: "visual_projection.weight", layout: "dim-width" },
  },
  text: {
    token: "text_model.embeddings.token_embedding.weight",
    position: "text_model.embeddings.position_embedding.weight",
    block: (layer) => huggingFaceBlock(`text_model.encoder.layers.${layer}`),
    finalNorm: linear("text_model.final_layer_norm"),
    projection: { name: "text_projection.weight", layout: "dim-width" },
  },
  logitScale: "logit_scale",
};

function linear(prefix: string): LinearNames {
  return { weight: `${prefix}.weight`, bias: `${prefix}.bias` };
}

function openClipBlock(prefix: string): BlockNames {
  return {
    norm1: linear(`${prefix}.ln_1`),
    attention: { weight: `${prefix}.attn.in_proj_weight`, bias: `${prefix}.attn.in_proj_bias` },
    out: linear(`${prefix}.attn.out_proj`),
    norm2: linear(`${prefix}.ln_2`),
    up: linear(`${prefix}.mlp.c_fc`),
    down: linear(`${prefix}.mlp.c_proj`),
  };
}

function huggingFaceBlock(prefix: string): BlockNames {
  const attention = `${prefix}.self_attn`;
  return {
    norm1: linear(`${prefix}.layer_norm1`),
    attention: [
      linear(`${attention}.q_proj`),
      linear(`${attention}.k_proj`),
      linear(`${attention}.v_proj`),
    ],
    out: linear(`${attention}.out_proj`),
    norm2: linear(`${prefix}.layer_norm2`),
    up: linear(`${prefix}.mlp.fc1`),
    down: linear(`${prefix}.mlp.fc2`),
  };
}

/** The same names with something before each, as wrappers and other models around a CLIP put it. */
export function withPrefix(names: ClipNames, prefix: string): ClipNames {
  if (prefix === "") return names;
  const of = (name: string) => prefix + name;
  const linear = ({ weight, bias }: LinearNames) => ({ weight: of(weight), bias: of(bias) });
  const block = (own: (layer: number) => BlockNames) => (layer: number): BlockNames => {
    const { norm1, attention, out, norm2, up, down } = own(layer);
    return {
      norm1: linear(norm1),
      attention: "weight" in attention
        ? linear(attention)
        : [linear(attention[0]), linear(attention[1]), linear(attention[2])],
      out: linear(out),
      norm2: linear(norm2),
      up: linear(up),
      down: linear(down),
    };
  };
  const projection = ({ name, layout }: ProjectionName) => ({ name: of(name), layout });
  const { image, text } = names;
  return {
    scheme: names.scheme,
    image: {
      classEmbedding: of(image.classEmbedding),
      patch: of(image.patch),
      position: of(image.position),
      preNorm: linear(image.preNorm),
      block: block(image.block),
      postNorm: linear(image.postNorm),
      projection: projection(image.projection),
    },
    text: {
      token: of(text.token),
      position: of(text.position),
      block: block(text.block),
      finalNorm: linear(text.finalNorm),
      projection: projection(text.projection),
    },
    logitScale: of(names.logitScale),
  };
}
