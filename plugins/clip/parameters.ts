/**
 * The list of a CLIP's parameters: name, shape and the part that each belongs to.
 *
 * @module
 */
import { STATISTICS } from "../../core/nn/batch_norm.ts";
import {
  blockShapes,
  linearShapes,
  type NamedShapes,
  projectionShapes,
} from "../../core/nn/parameter_shapes.ts";
import type { ParameterSpec } from "../../core/model.ts";
import type { ClipConfig, ImageTowerConfig, TextTowerConfig } from "./config.ts";
import { type ClipNames, namesFor, type PoolingNames } from "./names.ts";

/**
 * The logit scale stays in [1, 100], as in CLIP and CLIC's code: its logarithm in [0, ln 100]. That of
 * models with a bias, SigLIP's, is larger in published weights, and has no limits.
 */
const LOG_SCALE_LIMITS = [0, Math.log(100)] as const;

/** Every parameter of the architecture under the names of its scheme. */
export function clipParameters(config: ClipConfig, names: ClipNames): readonly ParameterSpec[] {
  return parameterList({
    image: clipImageShapes(config, names),
    text: clipTextShapes(config, names),
    logitScale: names.logitScale,
  });
}

/** Those parameters that have the names; all where none are given. */
export function onlyNamed(
  parameters: readonly ParameterSpec[],
  names: readonly string[] | undefined,
): readonly ParameterSpec[] {
  if (names === undefined) return parameters;
  const wanted = new Set(names);
  return parameters.filter(({ name }) => wanted.has(name));
}

/** The parameters of two towers, of the logit scale, and of the bias where there is one. */
export function parameterList(
  { image, text, logitScale, logitBias }: {
    readonly image: NamedShapes;
    readonly text: NamedShapes;
    readonly logitScale: string;
    readonly logitBias?: string | undefined;
  },
): readonly ParameterSpec[] {
  return [
    ...image.map(([name, shape]) => ({
      ...{ name, shape, part: "image" as const },
      ...(STATISTICS.test(name) ? { fixed: true as const } : {}),
    })),
    ...text.map(([name, shape]) => ({ name, shape, part: "text" as const })),
    ...(logitBias === undefined
      ? [{ ...scalar(logitScale, "logit_scale"), limits: LOG_SCALE_LIMITS }]
      : [scalar(logitScale, "logit_scale"), scalar(logitBias, "logit_bias")]),
  ];
}

function scalar(name: string, part: "logit_scale" | "logit_bias"): ParameterSpec {
  return { name, shape: [], part };
}

/** The parameters of the vision transformer. */
export function clipImageShapes({ image, dim }: ImageTowerConfig, own: ClipNames): NamedShapes {
  const names = namesFor(own, { image }).image;
  const places = (image.size / image.patch) ** 2 + 1;
  const { preNorm = true, pool } = image;
  const pooled = typeof pool === "object" ? dim : image.width;
  return [
    [names.classEmbedding, [image.width]],
    [names.patch, [image.width, 3, image.patch, image.patch]],
    [names.position, [places, image.width]],
    ...(preNorm ? linearShapes(names.preNorm, [image.width]) : []),
    ...blockShapes(image, names.block),
    ...(typeof pool === "object"
      ? poolingShapes(names.pooling!, image.width, dim, pool.queries)
      : []),
    ...linearShapes(names.postNorm, [pooled]),
    ...projectionShapes(names.projection, pooled, dim),
  ];
}

/** The parameters of the text transformer. */
export function clipTextShapes({ text, dim }: TextTowerConfig, own: ClipNames): NamedShapes {
  const names = namesFor(own, { text }).text;
  return [
    ...(text.classToken ? [[names.classToken!, [text.width]] as const] : []),
    [names.token, [text.vocabulary, text.width]],
    [names.position, [text.context + (text.classToken ? 1 : 0), text.width]],
    ...blockShapes(text, names.block),
    ...linearShapes(names.finalNorm, [text.width]),
    ...(text.projectionBias === "none" ? [] : projectionShapes(names.projection, text.width, dim)),
  ];
}

function poolingShapes(
  names: PoolingNames,
  width: number,
  dim: number,
  queries: number,
): NamedShapes {
  const matrices: NamedShapes = width === dim
    ? [[names.joint.weight, [3 * dim, dim]]]
    : names.parts.map((name, i) => [name, [dim, i === 0 ? dim : width]]);
  return [
    [names.query, [queries, dim]],
    ...linearShapes(names.queryNorm, [dim]),
    ...linearShapes(names.rowNorm, [width]),
    ...matrices,
    [names.joint.bias, [3 * dim]],
    ...linearShapes(names.out, [dim, dim]),
  ];
}
