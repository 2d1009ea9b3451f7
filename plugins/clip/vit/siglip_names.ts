import { linearNames as linear } from "../../../core/nn/parameter_names.ts";
import { huggingFaceBlock } from "../names.ts";
import type { VitNames } from "./vit_config.ts";

/** The names of transformers' `SiglipVisionModel`. */
export const siglipNames: VitNames = {
  patch: linear("vision_model.embeddings.patch_embedding"),
  classToken: "",
  position: "vision_model.embeddings.position_embedding.weight",
  batched: false,
  block: (layer) => huggingFaceBlock(`vision_model.encoder.layers.${layer}`),
  finalNorm: linear("vision_model.post_layernorm"),
  pooling: {
    query: "vision_model.head.probe",
    attention: {
      weight: "vision_model.head.attention.in_proj_weight",
      bias: "vision_model.head.attention.in_proj_bias",
    },
    out: linear("vision_model.head.attention.out_proj"),
    norm: linear("vision_model.head.layernorm"),
    up: linear("vision_model.head.mlp.fc1"),
    down: linear("vision_model.head.mlp.fc2"),
  },
};
