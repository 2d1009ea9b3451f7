/**
 * Reading and writing at single elements and at places of several axes, by way of flat positions.
 *
 * @module
 */
import { cast } from "./cast.ts";
import { equal, less, where } from "./comparison.ts";
import { add, mul } from "./elementwise.ts";
import { gather, scatterAdd } from "./indexing.ts";
import { reshape, sum } from "./linear.ts";
import { constant, normalizeAxis, ones, sameShape, showShape, sizeOf, zeros } from "./node.ts";
import { placesOf, stridesOf } from "./places.ts";
import type { Tensor } from "./tensor.ts";

/**
 * Elements of `x` picked along an axis: the result has the shape of `positions` and at each of its places
 * the element of `x` there, with the position in the place of the axis's.
 *
 * @throws {TypeError} if the axes do not fit.
 */
export function gatherElements(x: Tensor, positions: Tensor, axis: number): Tensor {
  const places = elementPlaces("GatherElements", x, positions, axis);
  return reshape(gather(reshape(x, [-1]), reshape(places, [-1])), positions.shape);
}

/** How values that are written meet those that stand there. */
export type Reduction = "none" | "add";

/**
 * `x` with `updates` written (the last one where places are the same is not told) or added at the elements
 * that {@linkcode gatherElements} would read.
 */
export function scatterElements(
  x: Tensor,
  positions: Tensor,
  updates: Tensor,
  { axis, reduction }: { readonly axis: number; readonly reduction: Reduction },
): Tensor {
  const places = reshape(elementPlaces("ScatterElements", x, positions, axis), [-1]);
  const written = scatter(reshape(x, [-1]), places, reshape(updates, [-1]), reduction);
  return reshape(written, x.shape);
}

/**
 * Slices of `x` at places of its first axes: the last axis of `positions` holds one place each.
 *
 * @param batch How many first axes `x` and `positions` have in common.
 */
export function gatherNd(x: Tensor, positions: Tensor, batch = 0): Tensor {
  const { flat, places, lead } = ndPlaces("GatherND", x, positions, batch);
  return reshape(gather(flat, places), [...lead, ...flat.shape.slice(1)]);
}

/** `x` with `updates` written or added at the slices that {@linkcode gatherNd} would read. */
export function scatterNd(
  x: Tensor,
  positions: Tensor,
  updates: Tensor,
  reduction: Reduction,
): Tensor {
  const { flat, places, lead } = ndPlaces("ScatterND", x, positions, 0);
  const expected = [...lead, ...flat.shape.slice(1)];
  if (!sameShape(updates.shape, expected)) {
    throw new TypeError(
      `ScatterND: expected updates ${showShape(expected)}, found ${showShape(updates.shape)}`,
    );
  }
  const rows = reshape(updates, [places.shape[0]!, ...flat.shape.slice(1)]);
  return reshape(scatter(flat, places, rows, reduction), x.shape);
}

function scatter(x: Tensor, places: Tensor, updates: Tensor, reduction: Reduction): Tensor {
  if (reduction === "add") return scatterAdd(x, places, updates);
  const written = scatterAdd(zeros(x.shape, x.dtype), places, updates);
  const count = scatterAdd(zeros([x.shape[0]!], "float32"), places, ones(places.shape, "float32"));
  const there = reshape(equal(count, 0), [-1, ...x.shape.slice(1).fill(1)]);
  return where(there, x, written);
}

/** Places in the flat tensor of the elements that positions along an axis mean. */
function elementPlaces(operator: string, x: Tensor, positions: Tensor, axis: number): Tensor {
  const { shape } = positions;
  const at = normalizeAxis(operator, axis, x.shape.length);
  const fits = shape.length === x.shape.length &&
    shape.every((length, i) => i === at || length <= x.shape[i]!);
  if (!fits) {
    throw new TypeError(
      `${operator}: positions ${showShape(shape)} do not fit ${showShape(x.shape)}`,
    );
  }
  const strides = stridesOf(x.shape);
  const others = placesOf(shape, strides.map((stride, i) => i === at ? 0 : stride));
  const own = mul(fromFront(cast(positions, "int64"), x.shape[at]!), strides[at]!);
  return add(constant(others, shape, "int64"), own);
}

function ndPlaces(operator: string, x: Tensor, positions: Tensor, batch: number) {
  const depth = positions.shape.at(-1);
  const indexed = batch + (depth ?? 0);
  const shared = x.shape.slice(0, batch);
  if (
    depth === undefined || indexed > x.shape.length ||
    !sameShape(shared, positions.shape.slice(0, batch))
  ) {
    throw new TypeError(
      `${operator}: positions ${showShape(positions.shape)} do not fit ${showShape(x.shape)}`,
    );
  }
  const axes = x.shape.slice(0, indexed);
  const lead = positions.shape.slice(0, -1);
  const strides = stridesOf(axes);
  const lengths = constant(axes.slice(batch), [depth], "int64");
  const given = cast(positions, "int64");
  const counted = where(less(given, 0), add(given, lengths), given);
  const own = sum(mul(counted, constant(strides.slice(batch), [depth], "int64")), [-1]);
  const offsets = placesOf(lead, lead.map((_, i) => i < batch ? strides[i]! : 0));
  return {
    flat: reshape(x, [sizeOf(axes), ...x.shape.slice(indexed)]),
    places: reshape(add(constant(offsets, lead, "int64"), own), [-1]),
    lead,
  };
}

function fromFront(positions: Tensor, length: number): Tensor {
  return where(less(positions, 0), add(positions, length), positions);
}
