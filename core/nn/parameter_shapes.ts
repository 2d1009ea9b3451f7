/**
 * The shapes of parameters, by the names of their layers.
 *
 * @module
 */
import type { BlockNames, LinearNames, ProjectionName } from "./parameter_names.ts";
import type { TransformerConfig } from "./transformer_config.ts";

/** Names of parameters with their shapes, in the order of a source file. */
export type NamedShapes = readonly (readonly [name: string, shape: readonly number[]])[];

/**
 * A weight of the given shape, and its bias, of the weight's first axis.
 *
 * @param shape `[outputs, inputs]` of a linear layer, `[width]` of a norm.
 */
export function linearShapes({ weight, bias }: LinearNames, shape: readonly number[]): NamedShapes {
  return bias === undefined ? [[weight, shape]] : [[weight, shape], [bias, shape.slice(0, 1)]];
}

/** A projection from `width` to `dim`. */
export function projectionShapes(
  { name, layout, bias }: ProjectionName,
  width: number,
  dim: number,
): NamedShapes {
  const shape = layout === "width-dim" ? [width, dim] : [dim, width];
  return bias === undefined ? [[name, shape]] : [[name, shape], [bias, [dim]]];
}

/** The parameters of all blocks of a transformer. */
export function blockShapes(
  { width, hidden, layers }: TransformerConfig,
  block: (layer: number) => BlockNames,
): NamedShapes {
  const optional = (names: LinearNames | undefined, shape: readonly number[]): NamedShapes =>
    names === undefined ? [] : linearShapes(names, shape);
  const factors = (name: string | undefined): NamedShapes =>
    name === undefined ? [] : [[name, [width]]];
  return Array.from({ length: layers }, (_, layer) => block(layer)).flatMap((names) => [
    ...linearShapes(names.norm1, [width]),
    ...attentionShapes(names, width),
    ...optional(names.attentionNorm, [width]),
    ...linearShapes(names.out, [width, width]),
    ...factors(names.attentionScale),
    ...linearShapes(names.norm2, [width]),
    ...optional(names.gate, [hidden, width]),
    ...linearShapes(names.up, [hidden, width]),
    ...optional(names.hiddenNorm, [hidden]),
    ...linearShapes(names.down, [width, hidden]),
    ...factors(names.perceptronScale),
  ]);
}

function attentionShapes({ attention }: BlockNames, width: number): NamedShapes {
  if (!("weight" in attention)) {
    return attention.flatMap((part) => linearShapes(part, [width, width]));
  }
  return [
    ...linearShapes(attention, [3 * width, width]),
    ...(attention.biases ?? []).map((name) => [name, [width]] as const),
  ];
}
