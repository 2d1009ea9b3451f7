import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import type { HostTensor } from "../../core/model.ts";
import type { Transformation } from "../../core/transformation.ts";

/**
 * Makes a matrix A that a loss has trained on text embeddings (`labclipLoss`) part of the text
 * tower's projection: what was `p·W + b` becomes `p·(W·A) + b·A`. The result is a model like any
 * other, whose text embeddings are those that the loss saw.
 *
 * `apply` throws a {@linkcode RangeError} if there is no such parameter, it is not square of the
 * embedding's length, or the model's text tower does not end in a projection.
 *
 * @param options.objective The objective whose loss has trained the matrix. Default `"labclip"`.
 * @param options.parameter The name of the matrix among the loss's own parameters. Default
 *   `"matrix"`.
 * @throws {SettingsError} if an option is unknown.
 *
 * @example
 * ```ts
 * import { foldMatrix } from "@syntagma/syntagma/labclip";
 *
 * console.assert(foldMatrix().stage === "folded");
 * ```
 */
export const foldMatrix: (
  options?: { readonly objective?: string; readonly parameter?: string },
) => Transformation = defineComponent({
  name: "foldMatrix",
  schema: z.strictObject({
    objective: z.string().min(1).default("labclip"),
    parameter: z.string().min(1).default("matrix"),
  }),
  make: ({ objective, parameter }) => ({
    stage: "folded",
    // An async function, so that what is wrong rejects.
    apply: async ({ after, owned = new Map(), model }) => {
      const name = `${objective}.${parameter}`;
      const matrix = owned.get(name);
      const { projection } = model.text;
      if (projection === undefined) {
        throw new RangeError(
          `foldMatrix: expected a text tower that ends in a projection, found none in ${model.name}`,
        );
      }
      if (matrix?.shape.join() !== `${model.dim},${model.dim}`) {
        throw new RangeError(
          `foldMatrix: expected a parameter "${name}" of shape [${model.dim}, ${model.dim}], found ${
            matrix === undefined
              ? [...owned.keys()].join(", ") || "none"
              : `[${matrix.shape.join(", ")}]`
          }`,
        );
      }
      const { name: weight, layout, bias } = projection;
      const folded = new Map(after);
      const old = after.get(weight)!;
      folded.set(weight, {
        shape: old.shape,
        data: layout === "width-dim" ? rowsTimes(old, matrix) : transposed({
          shape: [old.shape[1]!, model.dim],
          data: rowsTimes(transposed(old), matrix),
        }).data,
      });
      if (bias !== undefined) {
        const { shape, data } = after.get(bias)!;
        folded.set(bias, { shape, data: rowsTimes({ shape: [1, model.dim], data }, matrix) });
      }
      return await Promise.resolve(folded);
    },
  }),
});

/** `[rows, dim]` times `[dim, dim]`, summed in double precision. */
function rowsTimes(
  { shape: [rows], data }: HostTensor,
  { shape: [dim], data: matrix }: HostTensor,
): Float32Array {
  const product = new Float32Array(rows! * dim!);
  const sums = new Float64Array(dim!);
  for (let row = 0; row < rows!; row++) {
    sums.fill(0);
    for (let k = 0; k < dim!; k++) {
      const factor = data[row * dim! + k]!;
      for (let i = 0; i < dim!; i++) sums[i]! += factor * matrix[k * dim! + i]!;
    }
    product.set(sums, row * dim!);
  }
  return product;
}

function transposed({ shape: [rows, columns], data }: HostTensor): HostTensor {
  const values = new Float32Array(data.length);
  for (let row = 0; row < rows!; row++) {
    for (let column = 0; column < columns!; column++) {
      values[column * rows! + row] = data[row * columns! + column]!;
    }
  }
  return { shape: [columns!, rows!], data: values };
}
