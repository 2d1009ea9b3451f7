import type { Tensor } from "../graph/tensor.ts";
import type { DualEncoder, ImageTower, ParameterLookup, TowerOutputs } from "../model.ts";
import { encodeWanted, type TowerPart } from "./tower_part.ts";

/**
 * Pictures in parts of equal size, as few and then as small as may be. The last part ends at the
 * last picture and begins with some that the one before it has, so that one program serves all.
 *
 * @param pixels `[count, 3, size, size]`, normalised.
 * @param most The most pictures of a part.
 * @param wanted What the tower is to give beyond embeddings.
 */
export function pictureParts(
  { image }: DualEncoder,
  pixels: Float32Array,
  count: number,
  most: number,
  wanted: readonly (keyof TowerOutputs)[] = [],
): readonly TowerPart[] {
  const side = image.size;
  const each = 3 * side * side;
  const size = partSize(count, most);
  const parts: TowerPart[] = [];
  for (let start = 0; start < count; start += size) {
    const from = Math.min(start, count - size);
    const seen = start - from;
    parts.push({
      key: ["image", size, ...wanted].join(" "),
      size,
      rows: Array.from({ length: size - seen }, (_, i) => [seen + i, start + i]),
      inputs: {
        pixels: {
          data: pixels.subarray(from * each, (from + size) * each),
          shape: [size, 3, side, side],
          dtype: "float32",
        },
      },
      encode: ({ pixels }, parameter) => encode(image, pixels!, parameter, wanted),
    });
  }
  return parts;
}

/** How many of `count` pictures, one at least, go through a tower together. @param most The most. */
export function partSize(count: number, most: number): number {
  return Math.ceil(count / Math.max(1, Math.ceil(count / most)));
}

function encode(
  tower: ImageTower,
  pixels: Tensor,
  parameter: ParameterLookup,
  wanted: readonly (keyof TowerOutputs)[],
): TowerOutputs {
  if (wanted.length === 0) return { embedding: tower.encode(pixels, parameter) };
  return encodeWanted("image", wanted, tower.encodeWith?.bind(tower, pixels, parameter, wanted));
}
