/**
 * Pools. The largest, and sums, over a window are those along one axis after another.
 *
 * @module
 */
import { alongAxis } from "../../along_axis.ts";
import { abs, maximum, mul, pow } from "../../elementwise.ts";
import { gather } from "../../indexing.ts";
import { constant, indices, sizeOf } from "../../node.ts";
import { isFloating } from "../../operand.ts";
import { max, mean } from "../../reduce.ts";
import type { Tensor } from "../../tensor.ts";
import type { OnnxCall, Rule, Rules } from "../call.ts";
import { type Windows, windowsOf } from "./windows.ts";

const spaceAxes = ({ shape }: Tensor) => shape.slice(2).map((_, i) => i + 2);

const overAll = (f: typeof mean): Rule => ({ input }) =>
  f(input(0), spaceAxes(input(0)), { keepDims: true });

/** Pools. */
export const poolingRules: Rules = {
  GlobalAveragePool: overAll(mean),
  GlobalMaxPool: overAll(max),
  MaxPool: (call) => {
    call.int("storage_order", 0);
    const x = call.input(0);
    const windows = poolWindows(call, x);
    return windows.kernel.reduce((part, _, i) => largestAlong(part, i, windows), x);
  },
  AveragePool: (call) => {
    const x = call.input(0);
    const isPadCounted = call.int("count_include_pad", 0) === 1;
    const windows = poolWindows(call, x);
    const inverse = windows.kernel
      .map((_, i) => countsAlong(x.shape[i + 2]!, i, windows, isPadCounted))
      .reduce<number[]>(
        (before, counts) => before.flatMap((each) => counts.map((count) => each / count)),
        [1],
      );
    return mul(sums(x, windows), constant(inverse, windows.count, x.dtype));
  },
  LpPool: (call) => {
    const x = call.input(0);
    const p = call.int("p", 2);
    return pow(sums(pow(abs(x), p), poolWindows(call, x)), 1 / p);
  },
  GlobalLpPool: ({ input, int }) => {
    const x = input(0);
    const p = int("p", 2);
    const places = sizeOf(x.shape.slice(2));
    const average = mean(pow(abs(x), p), spaceAxes(x), { keepDims: true });
    return pow(mul(average, places), 1 / p);
  },
};

function poolWindows(call: OnnxCall, { shape, dtype }: Tensor): Windows {
  const kernel = call.ints("kernel_shape") ?? call.refuse("a kernel_shape", "none");
  if (!isFloating(dtype)) call.refuse("real numbers", dtype);
  return windowsOf(call, shape.slice(2), kernel);
}

/** The places of a window along an axis, those outside of it among them. */
function placesIn(window: number, axis: number, { kernel, stride, dilation, pads }: Windows) {
  const start = window * stride[axis]! - pads[axis]![0];
  return Array.from({ length: kernel[axis]! }, (_, i) => start + i * dilation[axis]!);
}

function largestAlong(x: Tensor, axis: number, windows: Windows): Tensor {
  const length = x.shape[axis + 2]!;
  const places = Array.from({ length: windows.count[axis]! }, (_, window) => {
    const all = placesIn(window, axis, windows);
    const inside = all.filter((place) => place >= 0 && place < length);
    if (inside.length === 0) {
      throw new RangeError("expected windows that hold something, found none");
    }
    // What is outside is never the largest; another place of the window stands for it.
    return all.map((place) => place >= 0 && place < length ? place : inside[0]!);
  });
  const parts = Array.from(
    { length: windows.kernel[axis]! },
    (_, i) => gather(x, indices(places.map((each) => each[i]!)), axis + 2),
  );
  return parts.reduce(maximum);
}

function sums(x: Tensor, windows: Windows): Tensor {
  return windows.kernel.reduce((part, _, axis) => {
    const length = part.shape[axis + 2]!;
    const matrix = Array.from({ length: windows.count[axis]! }, (_, window) => {
      const row = new Array<number>(length).fill(0);
      for (const place of placesIn(window, axis, windows)) {
        if (place >= 0 && place < length) row[place]! += 1;
      }
      return row;
    });
    return alongAxis(part, axis + 2, matrix);
  }, x);
}

/** How many places of each window along an axis count: those inside, or those of the padding too. */
function countsAlong(
  length: number,
  axis: number,
  windows: Windows,
  isPadCounted: boolean,
): readonly number[] {
  const [before, after] = isPadCounted ? windows.pads[axis]! : [0, 0];
  return Array.from(
    { length: windows.count[axis]! },
    (_, window) =>
      placesIn(window, axis, windows)
        .filter((place) => place >= -before && place < length + after).length,
  );
}
