/**
 * Where the windows of convolutions and pools lie.
 *
 * @module
 */
import type { OnnxCall } from "../call.ts";

/** Windows along the axes of a picture, a number for each axis. */
export interface Windows {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  /** Places before and after. */
  readonly pads: readonly (readonly [before: number, after: number])[];
  /** How many windows there are. */
  readonly count: readonly number[];
}

/** The windows of an operator over axes of the given lengths. */
export function windowsOf(
  { string, ints, int, refuse }: OnnxCall,
  lengths: readonly number[],
  kernel: readonly number[],
): Windows {
  const each = (name: string) => ints(name) ?? lengths.map(() => 1);
  const [stride, dilation] = [each("strides"), each("dilations")];
  const auto = string("auto_pad", "NOTSET");
  const given = ints("pads") ?? [...lengths, ...lengths].map(() => 0);
  const round = int("ceil_mode", 0) === 1 ? Math.ceil : Math.floor;
  const spans = kernel.map((size, i) => (size - 1) * dilation[i]! + 1);
  const pads = lengths.map((length, i): [number, number] => {
    if (auto === "NOTSET") return [given[i]!, given[i + lengths.length]!];
    if (auto === "VALID") return [0, 0];
    if (auto !== "SAME_UPPER" && auto !== "SAME_LOWER") return refuse("a known auto_pad", auto);
    const count = Math.ceil(length / stride[i]!);
    const total = Math.max(0, (count - 1) * stride[i]! + spans[i]! - length);
    const small = Math.floor(total / 2);
    return auto === "SAME_UPPER" ? [small, total - small] : [total - small, small];
  });
  const count = lengths.map((length, i) => {
    const [before, after] = pads[i]!;
    const found = round((length + before + after - spans[i]!) / stride[i]!) + 1;
    // A window that begins in what is added after the end is none.
    return (found - 1) * stride[i]! >= length + before ? found - 1 : found;
  });
  return { kernel, stride, dilation, pads, count };
}
