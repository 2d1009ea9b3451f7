import type { Device } from "../device/device.ts";
import { input, sizeOf } from "../graph/node.ts";
import { topologicalOrder } from "../graph/topology.ts";
import type { DualEncoder, ImageTower } from "../model.ts";
import { parameterSymbols } from "./symbols.ts";

/**
 * How many pictures go through a tower together where nothing asks for more: as many as the chunk
 * says, but no more than make matrices that a processor's caches hold.
 *
 * @param chunk The most pictures.
 */
export function picturesAtOnce(
  { image, parameters }: Pick<DualEncoder, "image" | "parameters">,
  chunk: number,
  { matrixValues }: Pick<Device, "matrixValues">,
): number {
  if (matrixValues === undefined) return chunk;
  const most = Math.floor(matrixValues / valuesOfPicture(image, parameters));
  return Math.max(1, Math.min(chunk, most));
}

const known = new WeakMap<ImageTower, number>();

/** Values that the widest product of a tower has for each picture; 0 if it has none that grow. */
function valuesOfPicture(image: ImageTower, parameters: DualEncoder["parameters"]): number {
  const before = known.get(image);
  if (before !== undefined) return before;
  // What two pictures have and one has not: products of weights alone do not count.
  const [one, two] = [1, 2].map((count) => {
    const pixels = input("pixels", "float32", [count, 3, image.size, image.size]);
    return topologicalOrder([image.encode(pixels, parameterSymbols({ parameters }).lookup)])
      .filter(({ op }) => op === "Gemm" || op === "MatMul")
      .map(({ outputs }) => sizeOf(outputs[0]!.shape));
  });
  const values = one!.reduce((most, size, i) => Math.max(most, two![i]! - size), 0);
  known.set(image, values);
  return values;
}
