import { gemm, matmul } from "../../../core/graph/linear.ts";
import type { Shape } from "../../../core/graph/tensor.ts";
import {
  at,
  flipped,
  shaped,
  tabulate,
  total,
  type Values,
  values,
  zip,
} from "../reference_math.ts";
import type { ForwardCase } from "./forward_case.ts";
import { cube, matrix, square2, tall } from "./samples.ts";

function product(shape: Shape, a: Values, b: Values): Values {
  return tabulate(shape, (index) => {
    const lead = index.slice(0, -2);
    return total(
      a.shape.at(-1)!,
      (k) => at(a, [...lead, index.at(-2)!, k]) * at(b, [...lead, k, index.at(-1)!]),
    );
  });
}

const bias2 = values([2], [10, -20]);

/** Matrix products. */
export const products: readonly ForwardCase[] = [
  { name: "matmul", inputs: [matrix, tall], f: matmul, expected: product([2, 2], matrix, tall) },
  {
    name: "matmul of batch and matrix",
    inputs: [cube, tall],
    f: matmul,
    expected: product([2, 2, 2], cube, tall),
  },
  {
    name: "matmul of stretched batches",
    inputs: [shaped(cube, [2, 1, 2, 3]), shaped(cube, [2, 3, 2])],
    f: matmul,
    expected: product([2, 2, 2, 2], shaped(cube, [2, 1, 2, 3]), shaped(cube, [2, 3, 2])),
  },
  ...[false, true].flatMap((transposeA) =>
    [false, true].flatMap((transposeB): ForwardCase[] => {
      const options = { transposeA, transposeB };
      const a = transposeA ? flipped(matrix) : matrix;
      const b = transposeB ? flipped(tall) : tall;
      const name = `gemm, a${transposeA ? "ᵀ" : ""} · b${transposeB ? "ᵀ" : ""}`;
      const ab = product([2, 2], matrix, tall);
      return [
        { name, inputs: [a, b], f: (a, b) => gemm(a, b, undefined, options), expected: ab },
        ...[bias2, square2].map((c): ForwardCase => ({
          name: `${name} + [${c.shape}]`,
          inputs: [a, b, c],
          f: (a, b, c) => gemm(a, b, c, options),
          expected: zip([2, 2], ab, c, (x, y) => x + y),
        })),
      ];
    })
  ),
];
