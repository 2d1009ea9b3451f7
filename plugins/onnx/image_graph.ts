import { reshape } from "../../core/graph/linear.ts";
import { showShape, sizeOf } from "../../core/graph/node.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import type { ImageTower } from "../../core/model.ts";
import { inParts } from "./fixed_batch.ts";
import { type GraphInput, graphInputs } from "./graph_inputs.ts";
import type { OnnxFile } from "./onnx_file.ts";
import { pooled, type Pooling } from "./pooled.ts";
import { towerOutput, type TowerOutputOptions } from "./tower_output.ts";

/** What of a file is the image tower. */
export interface ImageGraphOptions extends TowerOutputOptions {
  readonly pooling?: Pooling | undefined;
  /** The side of a picture. */
  readonly size: number;
}

/** The side of a picture, where the graph tells it. */
export function pictureSide(file: OnnxFile): number | undefined {
  const { shape: [, , height, width] } = picturesOf(file);
  return height ?? width;
}

function picturesOf(file: OnnxFile): GraphInput {
  const pictures = graphInputs(file)
    .find(({ dtype, shape }) => dtype === "float32" && shape.length === 4);
  if (pictures !== undefined) return pictures;
  throw new RangeError(
    `${file.address}: expected an input of pictures, float32 [batch, 3, size, size], found none`,
  );
}

/**
 * An exported graph as an image tower.
 *
 * @throws {RangeError} if it takes no pictures, or others than squares of three colours.
 */
export function imageGraph(file: OnnxFile, options: ImageGraphOptions): ImageTower {
  const { address } = file;
  const { size } = options;
  const pictures = picturesOf(file);
  const [batch, channels = 3, height = size, width = size] = pictures.shape;
  if (channels !== 3 || height !== size || width !== size) {
    throw new RangeError(
      `${address}: expected pictures ${showShape([3, size, size])}, found ${
        showShape([channels, height, width])
      }`,
    );
  }
  return {
    size,
    encode: (pixels, parameter) =>
      inParts(batch, [pixels], (part) => {
        const found = towerOutput(file, options, new Map([[pictures.name, part!]]), parameter);
        return flat(pooled(address, found, options.pooling));
      }),
  };
}

/** Global pools of pictures leave `[batch, channels, 1, 1]`. */
function flat(x: Tensor): Tensor {
  const [batch, ...rest] = x.shape;
  return x.shape.length > 2 ? reshape(x, [batch!, sizeOf(rest)]) : x;
}
