import { expect } from "expect";
import { gemm, reshape } from "../../../core/graph/linear.ts";
import type { Tensor } from "../../../core/graph/tensor.ts";
import type { DualEncoder } from "../../../core/model.ts";
import { picturesAtOnce } from "../../../core/towers/pictures_at_once.ts";
import { pictureParts } from "../../../core/towers/picture_parts.ts";

/** Each picture is 4 rows of 12 values, which become 4 rows of 20; `a · b` grows with no picture. */
const model: Pick<DualEncoder, "image" | "parameters"> = {
  parameters: [
    { name: "a", shape: [100, 12], part: "image" },
    { name: "b", shape: [12, 20], part: "image" },
    { name: "c", shape: [20, 100], part: "image" },
  ],
  image: {
    size: 4,
    encode: (pixels, parameter) => {
      const rows = reshape(pixels, [-1, 12]);
      const weights = gemm(gemm(parameter("a"), parameter("b")), parameter("c"));
      return gemm(gemm(gemm(rows, parameter("b")), parameter("c")), weights);
    },
  },
};

Deno.test("picturesAtOnce: as many as make a matrix of so many values, of the chunk at most", () => {
  // The widest product has 4 rows of 100 for each picture.
  const at = (matrixValues: number, chunk = 64) => picturesAtOnce(model, chunk, { matrixValues });
  expect([at(4000), at(3999), at(400), at(399), at(1e9), at(4000, 7)]).toEqual([
    10,
    9,
    1,
    1,
    64,
    7,
  ]);
  expect(picturesAtOnce(model, 64, {})).toBe(64);
});

Deno.test("picturesAtOnce: a tower without products takes the chunk", () => {
  const plain = {
    ...model,
    image: { size: 4, encode: (pixels: Tensor) => reshape(pixels, [-1, 48]) },
  };
  expect(picturesAtOnce(plain, 64, { matrixValues: 1 })).toBe(64);
});

Deno.test("pictureParts: as few parts as may be, none larger than it must", () => {
  const dual = model as DualEncoder;
  const cut = (count: number, most: number) =>
    pictureParts(dual, new Float32Array(count * 48), count, most).map(({ size, rows }) => [
      size,
      rows,
    ]);
  expect(cut(5, 4)).toEqual([
    [3, [[0, 0], [1, 1], [2, 2]]],
    // It begins with a picture that the one before it has.
    [3, [[1, 3], [2, 4]]],
  ]);
  expect(cut(4, 4)).toEqual([[4, [[0, 0], [1, 1], [2, 2], [3, 3]]]]);
  expect(cut(0, 4)).toEqual([]);
});
