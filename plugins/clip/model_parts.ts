/**
 * What dual encoders of all families are made of.
 *
 * @module
 */
import type { Tensor } from "../../core/graph/tensor.ts";
import type { ImageTower, LinearProduct, Preprocessing, TextTower } from "../../core/model.ts";
import type { ProjectionName } from "../../core/nn/parameter_names.ts";
import type { NamedShapes } from "../../core/nn/parameter_shapes.ts";
import {
  imageWithLookup,
  type LookupChange,
  textWithLookup,
} from "../../core/towers/with_lookup.ts";
import type { TokenizerChoice } from "./tokenizer_choice.ts";

/** A tower with its parameters. */
export interface TowerOf<Tower> {
  readonly tower: Tower;
  readonly shapes: NamedShapes;
}

/** Towers with all that goes with them, under the names of their source file. */
export interface ModelParts {
  /** What people call it, for messages. */
  readonly family: string;
  /** Length of an embedding. */
  readonly dim: number;
  readonly image: TowerOf<ImageTower>;
  readonly text: TowerOf<TextTower>;
  readonly tokenizer: TokenizerChoice;
  readonly preprocessing: Preprocessing;
  readonly logitScale: string;
  readonly logitBias?: string;
}

/** The same with something before each name, as wrappers and other models around them put it. */
export function withPrefixedNames(parts: ModelParts, prefix: string): ModelParts {
  if (prefix === "") return parts;
  const { image, text, logitScale, logitBias } = parts;
  return {
    ...parts,
    image: {
      tower: imageWithLookup(image.tower, lookupWith(prefix)),
      shapes: prefixed(image.shapes, prefix),
    },
    text: {
      tower: prefixedText(text.tower, prefix),
      shapes: prefixed(text.shapes, prefix),
    },
    logitScale: prefix + logitScale,
    ...(logitBias === undefined ? {} : { logitBias: prefix + logitBias }),
  };
}

function prefixed(shapes: NamedShapes, prefix: string): NamedShapes {
  return shapes.map(([name, shape]) => [prefix + name, shape]);
}

function prefixedText(tower: TextTower, prefix: string): TextTower {
  const { projection } = tower;
  return {
    ...textWithLookup(tower, lookupWith(prefix)),
    ...(projection === undefined ? {} : { projection: prefixedProjection(projection, prefix) }),
  };
}

/** Before a tower's own names, the prefix. */
function lookupWith(prefix: string): LookupChange {
  return (parameter) => {
    const { layer } = parameter;
    const lookup = (name: string) => parameter(prefix + name);
    if (layer === undefined) return lookup;
    return Object.assign(lookup, {
      layer: (x: Tensor, { weight, ...rest }: LinearProduct) =>
        layer(x, { weight: prefix + weight, ...rest }),
    });
  };
}

function prefixedProjection(
  { name, layout, bias }: ProjectionName,
  prefix: string,
): ProjectionName {
  return { name: prefix + name, layout, ...(bias === undefined ? {} : { bias: prefix + bias }) };
}
