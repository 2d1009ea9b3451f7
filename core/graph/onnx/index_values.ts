/**
 * Known values that are moved, picked, joined and added up.
 *
 * @module
 */
import { sizeOf } from "../node.ts";
import { stridesOf } from "../places.ts";
import type { Attribute, Shape, Tensor } from "../tensor.ts";
import { type Combine, pickValues } from "./broadcast_values.ts";

type Values = readonly number[];

/**
 * The values of an operator that moves them; `undefined` for one that is not known.
 *
 * @param shapes Those of the results.
 */
export function indexValues(
  op: string,
  attributes: Readonly<Record<string, Attribute>>,
  operands: readonly Tensor[],
  values: readonly Values[],
  shapes: readonly Shape[],
): readonly Values[] | undefined {
  const [{ shape }] = operands as readonly [Tensor];
  const [a, b, c, d] = values as readonly [Values, Values, Values, Values];
  const axis = intOf(attributes.axis);
  switch (op) {
    case "Transpose": {
      const strides = stridesOf(shape);
      const order = intsOf(attributes.perm) ?? shape.map((_, i) => shape.length - 1 - i);
      return [pickValues(a, shapes[0]!, order.map((each) => strides[each]!))];
    }
    case "Concat":
      return [joinValues(operands.map(({ shape }) => shape), values, axis!)];
    case "Gather":
      return [gatherValues(a, shape, b, axis!)];
    case "Slice":
      // Written along one axis, without steps.
      return [sliceValues(a, shape, d[0]!, b[0]!, c[0]!)];
    case "Split": {
      let start = 0;
      return b.map((length) => sliceValues(a, shape, axis!, start, start += length));
    }
    default:
      return undefined;
  }
}

/** Values along some axes made one of. */
export function foldValues(
  values: Values,
  shape: Shape,
  axes: Values,
  [start, combine]: readonly [number, Combine],
): Values {
  const strides = stridesOf(shape);
  const isFolded = (axis: number) => axes.includes(axis) || axes.includes(axis - shape.length);
  const only = (folded: boolean) => {
    const kept = shape.flatMap((_, axis) => isFolded(axis) === folded ? [axis] : []);
    return [kept.map((axis) => shape[axis]!), kept.map((axis) => strides[axis]!)] as const;
  };
  const places = values.map((_, i) => i);
  const [inner, outer] = [only(true), only(false)];
  return pickValues(places, ...outer).map((from) =>
    pickValues(values, ...inner, from).reduce(combine, start)
  );
}

function joinValues(shapes: readonly Shape[], values: readonly Values[], axis: number): Values {
  const at = axis < 0 ? axis + shapes[0]!.length : axis;
  const outer = sizeOf(shapes[0]!.slice(0, at));
  return Array.from({ length: outer }, (_, row) =>
    values.flatMap((each, i) => {
      const width = sizeOf(shapes[i]!.slice(at));
      return each.slice(row * width, (row + 1) * width);
    })).flat();
}

function gatherValues(values: Values, shape: Shape, positions: Values, axis: number): Values {
  const length = shape[axis]!;
  const inner = sizeOf(shape.slice(axis + 1));
  const outer = sizeOf(shape.slice(0, axis));
  const result: number[] = [];
  for (let row = 0; row < outer; row++) {
    for (const position of positions) {
      if (position < -length || position >= length) {
        throw new RangeError(
          `Gather: expected positions from ${-length} to ${length - 1}, found ${position}`,
        );
      }
      const start = (row * length + (position < 0 ? position + length : position)) * inner;
      for (let i = start; i < start + inner; i++) result.push(values[i]!);
    }
  }
  return result;
}

function sliceValues(
  values: Values,
  shape: Shape,
  axis: number,
  start: number,
  end: number,
): Values {
  return gatherValues(
    values,
    shape,
    Array.from({ length: end - start }, (_, i) => start + i),
    axis,
  );
}

function intOf(attribute: Attribute | undefined): number | undefined {
  return attribute !== undefined && "int" in attribute ? attribute.int : undefined;
}

function intsOf(attribute: Attribute | undefined): readonly number[] | undefined {
  return attribute !== undefined && "ints" in attribute ? attribute.ints : undefined;
}
