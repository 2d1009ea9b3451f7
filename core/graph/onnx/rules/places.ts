/**
 * Reading and writing at places.
 *
 * @module
 */
import { cast } from "../../cast.ts";
import {
  gatherElements,
  gatherNd,
  type Reduction,
  scatterElements,
  scatterNd,
} from "../../element_indexing.ts";
import { gather } from "../../indexing.ts";
import { expand, reshape } from "../../linear.ts";
import { indices, normalizeAxis, scalar, zeros } from "../../node.ts";
import { concat, slice } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import type { OnnxCall, Rules } from "../call.ts";

/** Slices, pads, gathers and scatters. */
export const placeRules: Rules = {
  Slice: ({ op, input, known, optionalKnown }) => {
    const x = input(0);
    const [starts, ends] = [known(1, "starts"), known(2, "ends")];
    const axes = optionalKnown(3, "axes") ?? starts.map((_, i) => i);
    const steps = optionalKnown(4, "steps") ?? starts.map(() => 1);
    return axes.reduce((part, each, i) => {
      const axis = normalizeAxis(op, each, x.shape.length);
      return sliced(part, axis, { start: starts[i]!, end: ends[i]!, step: steps[i]! });
    }, x);
  },
  Gather: ({ input, int }) => gather(input(0), cast(input(1), "int64"), int("axis", 0)),
  GatherElements: ({ input, int }) => gatherElements(input(0), input(1), int("axis", 0)),
  GatherND: ({ input, int }) => gatherNd(input(0), input(1), int("batch_dims", 0)),
  ScatterElements: (call) =>
    scatterElements(call.input(0), call.input(1), call.input(2), {
      axis: call.int("axis", 0),
      reduction: reductionOf(call),
    }),
  ScatterND: (call) => scatterNd(call.input(0), call.input(1), call.input(2), reductionOf(call)),
  Pad: ({ op, input, known, optional, optionalKnown, string, refuse }) => {
    const x = input(0);
    const pads = known(1, "pads");
    const axes = (optionalKnown(3, "axes") ?? x.shape.map((_, axis) => axis))
      .map((axis) => normalizeAxis(op, axis, x.shape.length));
    const mode = string("mode", "constant");
    const value = optional(2) ?? scalar(0, x.dtype);
    return axes.reduce((part, axis, i) => {
      const amounts = [pads[i]!, pads[i + axes.length]!] as const;
      if (mode === "constant") return padded(part, axis, amounts, value);
      const length = part.shape[axis]!;
      const places = Array.from(
        { length: length + amounts[0] + amounts[1] },
        (_, place) => mirrored(mode, place - amounts[0], length),
      );
      if (places.includes(undefined)) refuse("mode constant, edge, reflect or wrap", mode);
      return gather(part, indices(places as number[]), axis);
    }, x);
  },
  CenterCropPad: ({ op, input, known, ints }) => {
    const x = input(0);
    const target = known(1, "a shape");
    const axes = ints("axes") ?? x.shape.map((_, axis) => axis);
    return axes.reduce((part, each, i) => {
      const axis = normalizeAxis(op, each, x.shape.length);
      const more = target[i]! - part.shape[axis]!;
      if (more >= 0) {
        const before = Math.floor(more / 2);
        return padded(part, axis, [before, more - before], scalar(0, x.dtype));
      }
      const start = Math.floor(-more / 2);
      return slice(part, { axis, start, end: start + target[i]! });
    }, x);
  },
  Compress: ({ op, input, known, int }) => {
    const x = input(0);
    const axis = int("axis");
    const kept = known(1, "a condition").flatMap((each, i) => each === 0 ? [] : [i]);
    const flat = axis === undefined ? reshape(x, [-1]) : x;
    const at = axis === undefined ? 0 : normalizeAxis(op, axis, x.shape.length);
    return gather(flat, indices(kept), at);
  },
};

function reductionOf({ string, refuse }: OnnxCall): Reduction {
  const reduction = string("reduction", "none");
  return reduction === "none" || reduction === "add"
    ? reduction
    : refuse("reduction none or add", reduction);
}

/** A part of an axis by ONNX's rules: bounds outside of it are moved to its ends. */
function sliced(
  x: Tensor,
  axis: number,
  { start, end, step }: { readonly start: number; readonly end: number; readonly step: number },
): Tensor {
  const length = x.shape[axis]!;
  const fromFront = (place: number) => place < 0 ? place + length : place;
  const [least, most] = step > 0 ? [0, length] : [-1, length - 1];
  const clamp = (place: number) => Math.min(Math.max(fromFront(place), least), most);
  const [from, to] = [clamp(start), clamp(end)];
  const count = Math.max(0, Math.ceil((to - from) / step));
  if (count === 0) return zeros(x.shape.with(axis, 0), x.dtype);
  if (step === 1) return slice(x, { axis, start: from, end: to });
  return gather(x, indices(Array.from({ length: count }, (_, i) => from + i * step)), axis);
}

/** One value before and after, negative amounts cutting off. */
function padded(
  x: Tensor,
  axis: number,
  [before, after]: readonly [number, number],
  value: Tensor,
): Tensor {
  const length = x.shape[axis]!;
  const cut = sliced(x, axis, {
    start: Math.max(0, -before),
    end: length - Math.max(0, -after),
    step: 1,
  });
  const single = reshape(value, x.shape.map(() => 1));
  const block = (count: number) => count > 0 ? [expand(single, x.shape.with(axis, count))] : [];
  return concat([...block(before), cut, ...block(after)], axis);
}

/** The place in an axis that stands for one outside of it. */
function mirrored(mode: string, place: number, length: number): number | undefined {
  switch (mode) {
    case "edge":
      return Math.min(Math.max(place, 0), length - 1);
    case "wrap":
      return ((place % length) + length) % length;
    case "reflect": {
      const period = Math.max(1, 2 * (length - 1));
      const within = ((place % period) + period) % period;
      return within < length ? within : period - within;
    }
    default:
      return undefined;
  }
}
