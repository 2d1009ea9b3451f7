/**
 * Under which names a checkpoint keeps the parameters of a CLIP, and how each is laid out.
 *
 * @module
 */
import {
  type BlockNames,
  type LinearNames,
  linearNames as linear,
  type ProjectionName,
} from "../../core/nn/parameter_names.ts";
import type { ClipImageConfig, ClipTextConfig } from "./config.ts";

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
    /** The pooling by a learned query, where there is one. */
    readonly pooling?: PoolingNames;
  };
  /** The text tower's parameters; `block` gives those of a layer, counted from 0. */
  readonly text: {
    readonly token: string;
    readonly position: string;
    /** The token that stands after a text, where there is one. */
    readonly classToken?: string;
    readonly block: (layer: number) => BlockNames;
    readonly finalNorm: LinearNames;
    readonly projection: ProjectionName;
  };
  /** The logarithm of the logit scale. */
  readonly logitScale: string;
}

/** The parameters of open_clip's `AttentionalPooler`. */
export interface PoolingNames {
  readonly query: string;
  readonly queryNorm: LinearNames;
  readonly rowNorm: LinearNames;
  /** Query, key and value: one matrix where all have one width, else three; the bias is joint. */
  readonly joint: Required<LinearNames>;
  readonly parts: readonly [string, string, string];
  readonly out: LinearNames;
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
    pooling: {
      query: "visual.attn_pool.query",
      queryNorm: linear("visual.attn_pool.ln_q"),
      rowNorm: linear("visual.attn_pool.ln_k"),
      joint: {
        weight: "visual.attn_pool.attn.in_proj_weight",
        bias: "visual.attn_pool.attn.in_proj_bias",
      },
      parts: [
        "visual.attn_pool.attn.q_proj_weight",
        "visual.attn_pool.attn.k_proj_weight",
        "visual.attn_pool.attn.v_proj_weight",
      ],
      out: linear("visual.attn_pool.attn.out_proj"),
    },
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
    classToken: "text.cls_emb",
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

/** A block of transformers' CLIP and SigLIP. */
export function huggingFaceBlock(prefix: string): BlockNames {
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

/**
 * The names where towers are otherwise than CLIP's own: factors of what blocks add, as open_clip names
 * them, and the projection of texts as a linear layer with a bias.
 */
export function namesFor(
  names: ClipNames,
  { image, text }: {
    readonly image?: Pick<ClipImageConfig, "scaled">;
    readonly text?: Pick<ClipTextConfig, "scaled" | "projectionBias">;
  },
): ClipNames {
  const { projection } = names.text;
  return {
    ...names,
    image: image?.scaled ? { ...names.image, block: scaled(names.image.block) } : names.image,
    text: {
      ...names.text,
      ...(text?.scaled ? { block: scaled(names.text.block) } : {}),
      ...(text?.projectionBias === true
        ? {
          projection: {
            name: `${projection.name}.weight`,
            layout: "dim-width",
            bias: `${projection.name}.bias`,
          },
        }
        : {}),
    },
  };
}

function scaled(block: (layer: number) => BlockNames) {
  return (layer: number): BlockNames => {
    const names = block(layer);
    const prefix = names.norm1.weight.slice(0, -"ln_1.weight".length);
    return {
      ...names,
      attentionScale: `${prefix}ls_1.gamma`,
      perceptronScale: `${prefix}ls_2.gamma`,
    };
  };
}

/** The same names with something before each, as wrappers and other models around a CLIP put it. */
export function withPrefix(names: ClipNames, prefix: string): ClipNames {
  return prefix === "" ? names : prefixed(names, prefix);
}

/** Every string of a tree of names with something before it; settings among them stay. */
function prefixed<T>(names: T, prefix: string): T {
  if (typeof names === "string") return `${prefix}${names}` as T;
  if (typeof names === "function") {
    return ((layer: number) => prefixed(names(layer), prefix)) as T;
  }
  if (Array.isArray(names)) return names.map((each) => prefixed(each, prefix)) as T;
  if (typeof names !== "object" || names === null) return names;
  return Object.fromEntries(
    Object.entries(names).map(([key, value]) => [
      key,
      key === "scheme" || key === "layout" ? value : prefixed(value, prefix),
    ]),
  ) as T;
}
