/**
 * Convolutions.
 *
 * @module
 */
import { conv2d, type ConvOptions, convTranspose2d } from "../../convolution.ts";
import { add } from "../../elementwise.ts";
import { reshape } from "../../linear.ts";
import { showShape } from "../../node.ts";
import { pad, slice } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import type { OnnxCall, Rules } from "../call.ts";
import { windowsOf } from "./windows.ts";

/** Conv and ConvTranspose over one or two axes. */
export const convolvingRules: Rules = {
  Conv: (call) => {
    const { input, optional, ints, int } = call;
    const [x, weight, bias] = [input(0), input(1), optional(2)];
    const space = spaceOf(call, x);
    const kernel = weight.shape.slice(2);
    checkKernel(call, ints("kernel_shape"), kernel);
    const { stride, dilation, pads } = windowsOf(call, space, kernel);
    const isEven = pads.every(([before, after]) => before === after);
    const padded = isEven ? x : pads.reduce(
      (part, [before, after], i) => pad(part, { axis: i + 2, before, after }),
      x,
    );
    const y = conv2d(flat(padded), flat(weight), bias, {
      ...plane(stride, dilation),
      padding: isEven ? two(pads.map(([before]) => before), 0) : 0,
      groups: int("group", 1),
    });
    return space.length === 2 ? y : reshape(y, [...y.shape.slice(0, 2), y.shape[3]!]);
  },
  ConvTranspose: (call) => {
    const { input, optional, ints, int, string, refuse } = call;
    const [x, weight, bias] = [input(0), input(1), optional(2)];
    const space = spaceOf(call, x);
    const kernel = weight.shape.slice(2);
    checkKernel(call, ints("kernel_shape"), kernel);
    const { stride, dilation } = windowsOf(call, space, kernel);
    const extra = ints("output_padding") ?? space.map(() => 0);
    const wanted = ints("output_shape")?.slice(-space.length);
    const full = space.map((length, i) =>
      (length - 1) * stride[i]! + (kernel[i]! - 1) * dilation[i]! + 1
    );
    const auto = string("auto_pad", "NOTSET");
    const pads = ints("pads") ?? [...space, ...space].map(() => 0);
    const cuts = space.map((length, i): readonly [before: number, length: number] => {
      const target = wanted?.[i] ??
        (auto.startsWith("SAME") ? length * stride[i]! : undefined);
      if (target === undefined) {
        const after = pads[i + space.length]!;
        return [pads[i]!, full[i]! + extra[i]! - pads[i]! - after];
      }
      const total = full[i]! + extra[i]! - target;
      const small = Math.floor(total / 2);
      return [auto === "SAME_UPPER" ? small : total - small, target];
    });
    if (
      cuts.some(([before, length], i) =>
        before < 0 || before + length < 1 || length < 1 ||
        before + length > full[i]! + extra[i]!
      )
    ) {
      refuse("padding within the result", showShape(cuts.map(([, length]) => length)));
    }
    const whole = convTranspose2d(
      flat(x),
      flat(weight),
      two(full.map((length, i) => length + Math.min(extra[i]!, stride[i]! - 1)), 1),
      { ...plane(stride, dilation), groups: int("group", 1) },
    );
    const y = space.length === 2
      ? whole
      : reshape(whole, [...whole.shape.slice(0, 2), whole.shape[3]!]);
    const part = cuts.reduce((part, [before, length], i) => {
      const short = Math.max(0, before + length - part.shape[i + 2]!);
      const long = pad(part, { axis: i + 2, before: 0, after: short });
      return slice(long, { axis: i + 2, start: before, end: before + length });
    }, y);
    return bias === undefined
      ? part
      : add(part, reshape(bias, [bias.shape[0]!, ...space.map(() => 1)]));
  },
};

function spaceOf({ refuse }: OnnxCall, { shape }: Tensor): readonly number[] {
  const space = shape.slice(2);
  return space.length === 1 || space.length === 2
    ? space
    : refuse("one or two axes beside batch and channels", showShape(shape));
}

function checkKernel(
  { refuse }: OnnxCall,
  given: readonly number[] | undefined,
  kernel: readonly number[],
): void {
  if (given !== undefined && given.join() !== kernel.join()) {
    refuse(`kernel_shape ${showShape(kernel)}, as the weight's`, showShape(given));
  }
}

/** A line is a plane of one row. */
function flat(x: Tensor): Tensor {
  return x.shape.length === 4 ? x : reshape(x, [x.shape[0]!, x.shape[1]!, 1, x.shape[2]!]);
}

function two(numbers: readonly number[], first: number): readonly [number, number] {
  return numbers.length === 2 ? [numbers[0]!, numbers[1]!] : [first, numbers[0]!];
}

function plane(stride: readonly number[], dilation: readonly number[]): ConvOptions {
  return { stride: two(stride, 1), dilation: two(dilation, 1) };
}
