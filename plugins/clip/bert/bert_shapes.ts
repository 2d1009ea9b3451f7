import {
  blockShapes,
  linearShapes,
  type NamedShapes,
  projectionShapes,
} from "../../../core/nn/parameter_shapes.ts";
import type { BertTextConfig } from "./bert_config.ts";
import { bertNames as names } from "./bert_names.ts";

/** The parameters of a text tower of BERT's kind. */
export function bertShapes(config: BertTextConfig): NamedShapes {
  const { width } = config;
  return [
    [names.token, [config.vocabulary, width]],
    [names.position, [config.places, width]],
    [names.type, [config.types, width]],
    ...linearShapes(names.embeddingNorm, [width]),
    ...blockShapes(config, names.block),
    ...(config.pool === "layer" ? linearShapes(names.pooling, [width, width]) : []),
    ...projectionOf(config),
  ];
}

function projectionOf({ projection, width, dim }: BertTextConfig): NamedShapes {
  if (projection === "none") return [];
  if (projection === "linear") return projectionShapes(names.linear, width, dim);
  const [up, down] = names.perceptron;
  const hidden = Math.floor((width + dim) / 2);
  return [...projectionShapes(up, width, hidden), ...projectionShapes(down, hidden, dim)];
}
