import { conv2d, convTranspose2d } from "../../../core/graph/convolution.ts";
import type { Shape } from "../../../core/graph/tensor.ts";
import { at, shaped, tabulate, total, type Values, values, zip } from "../reference_math.ts";
import type { ForwardCase } from "./forward_case.ts";

const picture = tabulate(
  [2, 2, 5, 4],
  ([n, c, y, x]) => Math.sin(1 + n! * 7 + c! * 5 + y! * 3 + x!),
);
const kernel = tabulate([3, 2, 2, 3], ([f, c, y, x]) => Math.cos(f! * 5 + c! * 3 + y! * 2 + x!));

interface Spacing {
  readonly stride: number;
  readonly padding: number;
  readonly dilation: number;
}

function convolved(shape: Shape, { stride, padding, dilation }: Spacing): Values {
  return tabulate(shape, ([n, f, y, x]) =>
    total(2, (c) =>
      total(2, (i) =>
        total(3, (j) => {
          const [v, u] = [
            y! * stride + i * dilation - padding,
            x! * stride + j * dilation - padding,
          ];
          const inside = v >= 0 && v < 5 && u >= 0 && u < 4;
          return inside ? at(picture, [n!, c, v, u]) * at(kernel, [f!, c, i, j]) : 0;
        }))));
}

// Each element of the input puts a kernel around its place in the output.
function deconvolved(x: Values, { stride, padding, dilation }: Spacing): Values {
  return tabulate(
    [2, 2, 5, 4],
    ([n, c, v, u]) =>
      total(
        3,
        (f) =>
          total(x.shape[2]!, (y) =>
            total(x.shape[3]!, (z) =>
              total(2, (i) =>
                total(3, (j) => {
                  const here = y * stride + i * dilation - padding === v &&
                    z * stride + j * dilation - padding === u;
                  return here ? at(x, [n!, f, y, z]) * at(kernel, [f, c!, i, j]) : 0;
                })))),
      ),
  );
}

// Lengths by hand: floor((length + 2·padding − dilation·(kernel − 1) − 1) / stride) + 1.
const spacings: readonly (readonly [Spacing, Shape])[] = [
  [{ stride: 1, padding: 0, dilation: 1 }, [2, 3, 4, 2]],
  [{ stride: 2, padding: 0, dilation: 1 }, [2, 3, 2, 1]],
  [{ stride: 1, padding: 1, dilation: 1 }, [2, 3, 6, 4]],
  [{ stride: 2, padding: 1, dilation: 1 }, [2, 3, 3, 2]],
  [{ stride: 2, padding: 1, dilation: 2 }, [2, 3, 3, 1]],
];

/** Convolution and its adjoint. */
export const convolutions: readonly ForwardCase[] = spacings.flatMap(
  ([spacing, shape]): ForwardCase[] => {
    const y = convolved(shape, spacing);
    const bias = values([3], [1, -2, 3]);
    const name = JSON.stringify(spacing);
    return [
      {
        name: `conv2d ${name}`,
        inputs: [picture, kernel],
        f: (x, w) => conv2d(x, w, undefined, spacing),
        expected: y,
      },
      {
        name: `conv2d with bias ${name}`,
        inputs: [picture, kernel, bias],
        f: (x, w, b) => conv2d(x, w, b, spacing),
        expected: zip(shape, y, shaped(bias, [3, 1, 1]), (a, b) => a + b),
      },
      {
        name: `convTranspose2d ${name}`,
        inputs: [y, kernel],
        f: (x, w) => convTranspose2d(x, w, [5, 4], spacing),
        expected: deconvolved(y, spacing),
      },
    ];
  },
);
