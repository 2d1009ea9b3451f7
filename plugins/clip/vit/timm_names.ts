import {
  type BlockNames,
  type LinearNames,
  linearNames as linear,
} from "../../../core/nn/parameter_names.ts";
import type { TimmConfig } from "./timm_config.ts";
import type { VitNames } from "./vit_config.ts";

/** The names that timm gives the parameters of a vision transformer, as open_clip keeps them. */
export function timmNames(config: TimmConfig): VitNames {
  const trunk = "visual.trunk";
  const { preNorm, head, stem } = config;
  const patch = linear(`${trunk}.patch_embed.proj`);
  return {
    patch: stem === "convolutions"
      ? { weight: `${trunk}.patch_embed.backbone` }
      : preNorm
      ? { weight: patch.weight }
      : patch,
    classToken: `${trunk}.cls_token`,
    position: `${trunk}.pos_embed`,
    batched: true,
    ...(preNorm ? { preNorm: linear(`${trunk}.norm_pre`) } : {}),
    block: (layer) => block(`${trunk}.blocks.${layer}`, config),
    finalNorm: linear(`${trunk}.norm`),
    pooling: {
      query: `${trunk}.attn_pool.latent`,
      attention: [linear(`${trunk}.attn_pool.q`), linear(`${trunk}.attn_pool.kv`)],
      out: linear(`${trunk}.attn_pool.proj`),
      norm: linear(`${trunk}.attn_pool.norm`),
      up: linear(`${trunk}.attn_pool.mlp.fc1`),
      down: linear(`${trunk}.attn_pool.mlp.fc2`),
    },
    ...(head === "none" ? {} : {
      projection: {
        layout: "dim-width",
        ...(head === "trunk"
          ? { name: `${trunk}.head.weight`, bias: `${trunk}.head.bias` }
          : { name: "visual.head.proj.weight" }),
      },
    }),
  };
}

function block(prefix: string, { attention, gated, innerNorms, scaled }: TimmConfig): BlockNames {
  const attn = `${prefix}.attn`;
  const bare = (name: string): LinearNames => ({ weight: `${name}.weight` });
  return {
    norm1: linear(`${prefix}.norm1`),
    attention: attention === "separate"
      ? [linear(`${attn}.q_proj`), bare(`${attn}.k_proj`), linear(`${attn}.v_proj`)]
      : attention === "joint"
      ? linear(`${attn}.qkv`)
      : attention === "unbiased"
      ? bare(`${attn}.qkv`)
      : { ...bare(`${attn}.qkv`), biases: [`${attn}.q_bias`, `${attn}.v_bias`] },
    ...(innerNorms ? { attentionNorm: linear(`${attn}.norm`) } : {}),
    out: linear(`${attn}.proj`),
    ...(scaled ? { attentionScale: `${prefix}.ls1.gamma` } : {}),
    norm2: linear(`${prefix}.norm2`),
    ...(gated
      ? { gate: linear(`${prefix}.mlp.fc1_g`), up: linear(`${prefix}.mlp.fc1_x`) }
      : { up: linear(`${prefix}.mlp.fc1`) }),
    ...(innerNorms ? { hiddenNorm: linear(`${prefix}.mlp.norm`) } : {}),
    down: linear(`${prefix}.mlp.fc2`),
    ...(scaled ? { perceptronScale: `${prefix}.ls2.gamma` } : {}),
  };
}
