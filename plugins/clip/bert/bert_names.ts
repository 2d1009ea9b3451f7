import {
  type BlockNames,
  linearNames as linear,
  type ProjectionName,
} from "../../../core/nn/parameter_names.ts";

const ROOT = "text.transformer";
const EMBEDDINGS = `${ROOT}.embeddings`;

/** The names of open_clip's `HFTextEncoder` around a BERT of transformers. */
export const bertNames = {
  token: `${EMBEDDINGS}.word_embeddings.weight`,
  position: `${EMBEDDINGS}.position_embeddings.weight`,
  type: `${EMBEDDINGS}.token_type_embeddings.weight`,
  embeddingNorm: linear(`${EMBEDDINGS}.LayerNorm`),
  /** A layer's, counted from 0. */
  block(layer: number): BlockNames {
    const prefix = `${ROOT}.encoder.layer.${layer}`;
    const attention = `${prefix}.attention`;
    return {
      attention: [
        linear(`${attention}.self.query`),
        linear(`${attention}.self.key`),
        linear(`${attention}.self.value`),
      ],
      out: linear(`${attention}.output.dense`),
      norm1: linear(`${attention}.output.LayerNorm`),
      up: linear(`${prefix}.intermediate.dense`),
      down: linear(`${prefix}.output.dense`),
      norm2: linear(`${prefix}.output.LayerNorm`),
    };
  },
  pooling: linear(`${ROOT}.pooler.dense`),
  /** The projection of one matrix. */
  linear: { name: "text.proj.weight", layout: "dim-width" } as const satisfies ProjectionName,
  /** The two of a perceptron, GELU between them. */
  perceptron: [
    { name: "text.proj.0.weight", layout: "dim-width" },
    { name: "text.proj.2.weight", layout: "dim-width" },
  ] as const satisfies readonly ProjectionName[],
};
