/**
 * Operators that join tensors and cut them up.
 *
 * @module
 */
import { apply, applySingle, indices, normalizeAxis, scalar, showShape, zeros } from "./node.ts";
import type { Tensor } from "./tensor.ts";

/**
 * Tensors joined along an axis; all other lengths must agree.
 *
 * @throws {TypeError} if they don't, or types differ.
 */
export function concat(tensors: readonly Tensor[], axis: number): Tensor {
  const first = tensors[0];
  if (first === undefined) throw new RangeError("Concat: expected at least one tensor, found none");
  if (tensors.length === 1) return first;
  const at = normalizeAxis("Concat", axis, first.shape.length);
  for (const other of tensors) {
    const fits = other.dtype === first.dtype && other.shape.length === first.shape.length &&
      other.shape.every((length, i) => i === at || length === first.shape[i]);
    if (!fits) {
      throw new TypeError(
        `Concat along axis ${at}: ${first.dtype} ${showShape(first.shape)} and ${other.dtype} ${
          showShape(other.shape)
        } do not fit`,
      );
    }
  }
  const lengths = tensors.map((tensor) => tensor.shape[at]!);
  return applySingle("Concat", tensors, {
    attributes: { axis: { int: at } },
    dtype: first.dtype,
    shape: first.shape.map((length, i) => i === at ? lengths.reduce((a, b) => a + b) : length),
    gradient: ([g]) => split(g!, lengths, at),
  });
}

/**
 * A tensor cut along an axis into pieces of the given lengths.
 *
 * @throws {TypeError} if the lengths don't add up to the axis.
 */
export function split(x: Tensor, lengths: readonly number[], axis: number): readonly Tensor[] {
  const at = normalizeAxis("Split", axis, x.shape.length);
  const whole = lengths.every((length) => Number.isInteger(length) && length >= 0);
  if (!whole || lengths.reduce((a, b) => a + b, 0) !== x.shape[at]) {
    throw new TypeError(
      `Split: expected whole lengths that add up to axis ${at} of ${showShape(x.shape)}, found [${
        lengths.join(", ")
      }]`,
    );
  }
  if (lengths.length === 1) return [x];
  const shapes = lengths.map((length) => x.shape.map((whole, i) => i === at ? length : whole));
  return apply("Split", [x, indices(lengths)], {
    attributes: { axis: { int: at } },
    outputs: shapes.map((shape) => ({ dtype: x.dtype, shape })),
    gradient: (gradients) => [
      concat(gradients.map((g, piece) => g ?? zeros(shapes[piece]!, x.dtype)), at),
    ],
  });
}

/**
 * The part of a tensor from `start` to before `end` along one axis; negative positions count from
 * the end of the axis.
 *
 * @throws {RangeError} if the part is empty or outside the axis.
 */
export function slice(
  x: Tensor,
  range: { readonly axis: number; readonly start: number; readonly end: number },
): Tensor {
  const axis = normalizeAxis("Slice", range.axis, x.shape.length);
  const length = x.shape[axis]!;
  const start = range.start < 0 ? range.start + length : range.start;
  const end = range.end < 0 ? range.end + length : range.end;
  if (
    !(Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start < end &&
      end <= length)
  ) {
    throw new RangeError(
      `Slice: ${range.start} to ${range.end} is not a part of axis ${axis} of ${
        showShape(x.shape)
      }`,
    );
  }
  if (start === 0 && end === length) return x;
  return applySingle("Slice", [x, indices([start]), indices([end]), indices([axis])], {
    dtype: x.dtype,
    shape: x.shape.map((whole, i) => i === axis ? end - start : whole),
    gradient: ([g]) => [pad(g!, { axis, before: start, after: length - end })],
  });
}

/** Zeros added before and after along one axis. */
export function pad(
  x: Tensor,
  amount: { readonly axis: number; readonly before: number; readonly after: number },
): Tensor {
  const axis = normalizeAxis("Pad", amount.axis, x.shape.length);
  const { before, after } = amount;
  if (!(Number.isInteger(before) && Number.isInteger(after) && before >= 0 && after >= 0)) {
    throw new RangeError(`Pad: expected lengths of at least 0, found ${before} and ${after}`);
  }
  if (before === 0 && after === 0) return x;
  const pads = [
    ...x.shape.map((_, i) => i === axis ? before : 0),
    ...x.shape.map((_, i) => i === axis ? after : 0),
  ];
  const length = x.shape[axis]!;
  return applySingle("Pad", [x, indices(pads), scalar(0, x.dtype)], {
    attributes: { mode: { string: "constant" } },
    dtype: x.dtype,
    shape: x.shape.map((whole, i) => i === axis ? whole + before + after : whole),
    gradient: ([g]) => [slice(g!, { axis, start: before, end: before + length })],
  });
}
