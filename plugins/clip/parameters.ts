/**
 * The list of a CLIP's parameters: name, shape and the part that each belongs to.
 *
 * @module
 */
import type { TransformerConfig } from "../../core/nn/transformer_config.ts";
import type { BlockNames, LinearNames, ProjectionName } from "../../core/nn/parameter_names.ts";
import type { ParameterSpec } from "../../core/model.ts";
import type { ClipConfig } from "./config.ts";
import type { ClipNames } from "./names.ts";

/** The logit scale stays in [1, 100], as in CLIP and CLIC's code: its logarithm in [0, ln 100]. */
const LOG_SCALE_LIMITS = [0, Math.log(100)] as const;

/** Every parameter of the architecture under the names of its scheme. */
export function clipParameters(config: ClipConfig, names: ClipNames): readonly ParameterSpec[] {
  const { image, text, dim } = config;
  const places = (image.size / image.patch) ** 2 + 1;
  const imageShapes: Shapes = [
    [names.image.classEmbedding, [image.width]],
    [names.image.patch, [image.width, 3, image.patch, image.patch]],
    [names.image.position, [places, image.width]],
    ...pair(names.image.preNorm, [image.width]),
    ...blocks(image, names.image.block),
    ...pair(names.image.postNorm, [image.width]),
    projection(names.image.projection, image.width, dim),
  ];
  const textShapes: Shapes = [
    [names.text.token, [text.vocabulary, text.width]],
    [names.text.position, [text.context, text.width]],
    ...blocks(text, names.text.block),
    ...pair(names.text.finalNorm, [text.width]),
    projection(names.text.projection, text.width, dim),
  ];
  return [
    ...imageShapes.map(([name, shape]) => ({ name, shape, part: "image" as const })),
    ...textShapes.map(([name, shape]) => ({ name, shape, part: "text" as const })),
    { name: names.logitScale, shape: [], part: "logit_scale", limits: LOG_SCALE_LIMITS },
  ];
}

type Shapes = readonly (readonly [name: string, shape: readonly number[]])[];

function pair(names: LinearNames, shape: readonly number[]): Shapes {
  return [[names.weight, shape], [names.bias, shape.slice(0, 1)]];
}

function projection(
  { name, layout }: ProjectionName,
  width: number,
  dim: number,
): readonly [string, readonly number[]] {
  return [name, layout === "width-dim" ? [width, dim] : [dim, width]];
}

function blocks(config: TransformerConfig, block: (layer: number) => BlockNames): Shapes {
  const { width, hidden, layers } = config;
  return Array.from({ length: layers }, (_, layer) => block(layer)).flatMap((names) => [
    ...pair(names.norm1, [width]),
    ...("weight" in names.attention
      ? pair(names.attention, [3 * width, width])
      : names.attention.flatMap((part) => pair(part, [width, width]))),
    ...pair(names.out, [width, width]),
    ...pair(names.norm2, [width]),
    ...pair(names.up, [hidden, width]),
    ...pair(names.down, [width, hidden]),
  ]);
}
