import {
  blockShapes,
  linearShapes,
  type NamedShapes,
  projectionShapes,
} from "../../../core/nn/parameter_shapes.ts";
import { convolutionalStemShapes } from "./convolutional_stem.ts";
import type { VitConfig, VitNames, VitPoolingNames } from "./vit_config.ts";

/** The parameters of a vision transformer. */
export function vitShapes(config: VitConfig, names: VitNames, dim: number): NamedShapes {
  const { size, patch, width, classToken, pool } = config;
  const places = Math.floor(size / patch) ** 2 + (classToken === "placed" ? 1 : 0);
  return [
    ...(classToken === "none" ? [] : [[names.classToken, [1, 1, width]] as const]),
    [names.position, names.batched ? [1, places, width] : [places, width]],
    ...(config.stem === "convolutions"
      ? convolutionalStemShapes(names.patch, width)
      : linearShapes(names.patch, [width, 3, patch, patch])),
    ...(names.preNorm === undefined ? [] : linearShapes(names.preNorm, [width])),
    ...blockShapes(config, names.block),
    ...linearShapes(names.finalNorm, [width]),
    ...(typeof pool === "object" ? poolingShapes(names.pooling, width, pool.hidden) : []),
    ...(names.projection === undefined ? [] : projectionShapes(names.projection, width, dim)),
  ];
}

function poolingShapes(names: VitPoolingNames, width: number, hidden: number): NamedShapes {
  const { attention } = names;
  return [
    [names.query, [1, 1, width]],
    ...("weight" in attention ? linearShapes(attention, [3 * width, width]) : [
      ...linearShapes(attention[0], [width, width]),
      ...linearShapes(attention[1], [2 * width, width]),
    ]),
    ...linearShapes(names.out, [width, width]),
    ...linearShapes(names.norm, [width]),
    ...linearShapes(names.up, [hidden, width]),
    ...linearShapes(names.down, [width, hidden]),
  ];
}
