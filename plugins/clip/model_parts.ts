/**
 * What dual encoders of all families are made of.
 *
 * @module
 */
import type { ImageTower, Preprocessing, TextTower } from "../../core/model.ts";
import type { ProjectionName } from "../../core/nn/parameter_names.ts";
import type { NamedShapes } from "../../core/nn/parameter_shapes.ts";
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
    image: { tower: prefixedImage(image.tower, prefix), shapes: prefixed(image.shapes, prefix) },
    text: { tower: prefixedText(text.tower, prefix), shapes: prefixed(text.shapes, prefix) },
    logitScale: prefix + logitScale,
    ...(logitBias === undefined ? {} : { logitBias: prefix + logitBias }),
  };
}

function prefixed(shapes: NamedShapes, prefix: string): NamedShapes {
  return shapes.map(([name, shape]) => [prefix + name, shape]);
}

function prefixedImage(tower: ImageTower, prefix: string): ImageTower {
  const { encodeWith } = tower;
  return {
    ...tower,
    encode: (pixels, parameter) => tower.encode(pixels, (name) => parameter(prefix + name)),
    ...(encodeWith === undefined ? {} : {
      encodeWith: (pixels, parameter, wanted) =>
        encodeWith(pixels, (name) => parameter(prefix + name), wanted),
    }),
  };
}

function prefixedText(tower: TextTower, prefix: string): TextTower {
  const { encodeWith, projection } = tower;
  return {
    ...tower,
    ...(projection === undefined ? {} : { projection: prefixedProjection(projection, prefix) }),
    encode: (ids, end, parameter) => tower.encode(ids, end, (name) => parameter(prefix + name)),
    ...(encodeWith === undefined ? {} : {
      encodeWith: (ids, end, parameter, wanted) =>
        encodeWith(ids, end, (name) => parameter(prefix + name), wanted),
    }),
  };
}

function prefixedProjection(
  { name, layout, bias }: ProjectionName,
  prefix: string,
): ProjectionName {
  return { name: prefix + name, layout, ...(bias === undefined ? {} : { bias: prefix + bias }) };
}
