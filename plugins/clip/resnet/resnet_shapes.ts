import { batchNormNames, batchNormShapes } from "../../../core/nn/batch_norm.ts";
import { linearNames } from "../../../core/nn/parameter_names.ts";
import { linearShapes, type NamedShapes } from "../../../core/nn/parameter_shapes.ts";
import type { ResNetConfig } from "./resnet_config.ts";

/** How many channels a block gives for each that it works in. */
const EXPANSION = 4;

/** The parameters and statistics of a ResNet. */
export function resNetShapes(
  { size, layers, width }: ResNetConfig,
  dim: number,
): NamedShapes {
  const conv = (name: string, to: number, from: number, kernel: number): NamedShapes => [
    [`visual.${name}.weight`, [to, from, kernel, kernel]],
  ];
  const bn = (name: string, channels: number) =>
    batchNormShapes(batchNormNames(`visual.${name}`), channels);
  const shapes: NamedShapes[] = [
    ...[conv("conv1", width / 2, 3, 3), bn("bn1", width / 2)],
    ...[conv("conv2", width / 2, width / 2, 3), bn("bn2", width / 2)],
    ...[conv("conv3", width, width / 2, 3), bn("bn3", width)],
  ];
  let from = width;
  for (const [stage, blocks] of layers.entries()) {
    const inner = width * 2 ** stage;
    const to = inner * EXPANSION;
    for (let block = 0; block < blocks; block++) {
      const name = `layer${stage + 1}.${block}`;
      shapes.push(
        ...[conv(`${name}.conv1`, inner, from, 1), bn(`${name}.bn1`, inner)],
        ...[conv(`${name}.conv2`, inner, inner, 3), bn(`${name}.bn2`, inner)],
        ...[conv(`${name}.conv3`, to, inner, 1), bn(`${name}.bn3`, to)],
        ...(block > 0
          ? []
          : [conv(`${name}.downsample.0`, to, from, 1), bn(`${name}.downsample.1`, to)]),
      );
      from = to;
    }
  }
  const linear = (name: string, to: number) =>
    linearShapes(linearNames(`visual.attnpool.${name}_proj`), [to, from]);
  return [
    ...shapes.flat(),
    ["visual.attnpool.positional_embedding", [(size / 32) ** 2 + 1, from]],
    ...linear("k", from),
    ...linear("q", from),
    ...linear("v", from),
    ...linear("c", dim),
  ];
}
