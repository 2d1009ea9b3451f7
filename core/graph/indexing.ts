/**
 * Reading and adding at computed positions.
 *
 * @module
 */
import { reshape, transpose } from "./linear.ts";
import { applySingle, normalizeAxis, sameShape, showShape, sizeOf, zeros } from "./node.ts";
import type { Tensor } from "./tensor.ts";

/**
 * Slices of `x` along an axis: `positions` `[…p]` (int64 or int32) replaces that axis, so axis 0 of
 * `[rows, width]` gives `[…p, width]`. A position outside of the axis is refused when the program runs;
 * one that the device itself computes of real numbers may give NaN instead.
 */
export function gather(x: Tensor, positions: Tensor, axis = 0): Tensor {
  if (positions.dtype !== "int64" && positions.dtype !== "int32") {
    throw new TypeError(`Gather: expected int64 or int32 positions, found ${positions.dtype}`);
  }
  const at = normalizeAxis("Gather", axis, x.shape.length);
  return applySingle("Gather", [x, positions], {
    attributes: { axis: { int: at } },
    dtype: x.dtype,
    shape: [...x.shape.slice(0, at), ...positions.shape, ...x.shape.slice(at + 1)],
    gradient: ([g]) => [gatherGradient(g!, x, positions, at), undefined],
  });
}

/**
 * `base` with `updates` added at rows: row `rows[i]` of `base` gets `updates[i]`, repeated rows add
 * up. `base` is `[n, …w]`, `rows` `[m]` int64, `updates` `[m, …w]`. Rows that are not there are refused as
 * {@linkcode gather} does.
 *
 * @throws {TypeError} if shapes or types don't fit.
 */
export function scatterAdd(base: Tensor, rows: Tensor, updates: Tensor): Tensor {
  const fits = rows.dtype === "int64" && rows.shape.length === 1 && base.shape.length > 0 &&
    updates.dtype === base.dtype &&
    sameShape(updates.shape, [rows.shape[0]!, ...base.shape.slice(1)]);
  if (!fits) {
    throw new TypeError(
      `scatterAdd: expected int64 rows [m] and ${base.dtype} updates [m, …] for a base ${
        showShape(base.shape)
      }, found ${rows.dtype} ${showShape(rows.shape)} and ${updates.dtype} ${
        showShape(updates.shape)
      }`,
    );
  }
  if (base.shape.length !== 2) {
    const width = sizeOf(base.shape.slice(1));
    const flat = (x: Tensor) => reshape(x, [x.shape[0]!, width]);
    return reshape(scatterAdd(flat(base), rows, flat(updates)), base.shape);
  }
  return applySingle("ScatterND", [base, reshape(rows, [rows.shape[0]!, 1]), updates], {
    attributes: { reduction: { string: "add" } },
    dtype: base.dtype,
    shape: base.shape,
    gradient: ([g]) => [g, undefined, gather(g!, rows)],
  });
}

function gatherGradient(g: Tensor, x: Tensor, positions: Tensor, axis: number): Tensor {
  if (positions.dtype !== "int64") {
    throw new TypeError("Gather: a gradient needs int64 positions, found int32");
  }
  // The gathered axis goes to the front, is scattered there, and goes back.
  const rank = x.shape.length;
  const rest = x.shape.flatMap((_, i) => i === axis ? [] : [i]);
  const front = [axis, ...rest];
  const depth = positions.shape.length;
  const gAxes = g.shape.map((_, i) => i);
  const gFront = [
    ...gAxes.slice(axis, axis + depth),
    ...gAxes.slice(0, axis),
    ...gAxes.slice(axis + depth),
  ];
  const frontShape = front.map((i) => x.shape[i]!);
  const rows = reshape(positions, [-1]);
  const updates = reshape(transpose(g, gFront), [rows.shape[0]!, ...frontShape.slice(1)]);
  const scattered = scatterAdd(zeros(frontShape, x.dtype), rows, updates);
  return transpose(scattered, Array.from({ length: rank }, (_, i) => front.indexOf(i)));
}
