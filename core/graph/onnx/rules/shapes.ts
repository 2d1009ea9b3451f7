/**
 * Other shapes of the same values, and joining and cutting.
 *
 * @module
 */
import { broadcastShapes } from "../../broadcast.ts";
import { expand, reshape, transpose } from "../../linear.ts";
import { normalizeAxis, sizeOf } from "../../node.ts";
import { concat, split } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import type { OnnxCall, Rules } from "../call.ts";

/** Axes or lengths, which are an operand since set 13 and were an attribute before. */
function numbersOf(
  { opset, ints, optionalKnown }: OnnxCall,
  name: "axes" | "split",
): readonly number[] | undefined {
  return opset < 13 ? ints(name) : optionalKnown(1, name);
}

/** Shapes. */
export const shapeRules: Rules = {
  Identity: ({ input }) => input(0),
  Reshape: ({ input, known, int }) => {
    const x = input(0);
    const allowZero = int("allowzero", 0) === 1;
    const target = known(1, "a shape")
      .map((length, axis) => length === 0 && !allowZero ? x.shape[axis] ?? 0 : length);
    // A length that is left over cannot be told from nothing.
    if (!target.includes(-1) || sizeOf(x.shape) > 0) return reshape(x, target);
    const others = sizeOf(target.filter((length) => length !== -1));
    return reshape(x, target.map((length) => length === -1 && others !== 0 ? 0 : length));
  },
  Flatten: ({ input, int }) => {
    const x = input(0);
    const axis = int("axis", 1);
    const at = axis < 0 ? axis + x.shape.length : axis;
    return reshape(x, [sizeOf(x.shape.slice(0, at)), sizeOf(x.shape.slice(at))]);
  },
  Squeeze: (call) => {
    const x = call.input(0);
    const axes = numbersOf(call, "axes")
      ?.map((axis) => normalizeAxis(call.op, axis, x.shape.length)) ??
      x.shape.flatMap((length, axis) => length === 1 ? [axis] : []);
    const wide = axes.find((axis) => x.shape[axis] !== 1);
    if (wide !== undefined) call.refuse(`axis ${wide} of length 1`, `length ${x.shape[wide]}`);
    return reshape(x, x.shape.filter((_, axis) => !axes.includes(axis)));
  },
  Unsqueeze: (call) => {
    const x = call.input(0);
    const given = numbersOf(call, "axes") ?? call.refuse("axes", "none");
    const rank = x.shape.length + given.length;
    const axes = given.map((axis) => normalizeAxis(call.op, axis, rank));
    if (new Set(axes).size !== axes.length) call.refuse("different axes", `[${given}]`);
    let next = 0;
    const shape = Array.from(
      { length: rank },
      (_, axis) => axes.includes(axis) ? 1 : x.shape[next++]!,
    );
    return reshape(x, shape);
  },
  Transpose: ({ input, ints }) => {
    const { length } = input(0).shape;
    return transpose(input(0), ints("perm") ?? Array.from({ length }, (_, i) => length - 1 - i));
  },
  Expand: ({ op, input, known }) => {
    const x = input(0);
    return expand(x, broadcastShapes(op, x.shape, known(1, "a shape")));
  },
  Tile: ({ input, known }) => tile(input(0), known(1, "repeats")),
  Concat: ({ input, operands, int, refuse }) => {
    const axis = int("axis") ?? refuse("an axis", "none");
    const tensors = Array.from({ length: operands }, (_, i) => input(i));
    const at = normalizeAxis("Concat", axis, tensors[0]!.shape.length);
    // What is empty may be of another shape in old models; it adds nothing.
    const full = tensors.filter(({ shape }) => shape.length !== 1 || shape[0] !== 0);
    return full.length === 0 ? tensors[0]! : concat(full, at);
  },
  Split: (call) => {
    const { op, input, int, results, refuse } = call;
    const x = input(0);
    const axis = normalizeAxis(op, int("axis", 0), x.shape.length);
    const length = x.shape[axis]!;
    const parts = int("num_outputs", results);
    if (parts !== results) refuse(`num_outputs ${results}, as many as results`, `${parts}`);
    const each = Math.ceil(length / parts);
    const lengths = numbersOf(call, "split") ??
      Array.from(
        { length: parts },
        (_, i) => Math.max(0, Math.min(each, length - i * each)),
      );
    return split(x, lengths, axis);
  },
  DepthToSpace: ({ input, int, string, refuse }) => {
    const [x, block, mode] = [input(0), int("blocksize", 1), string("mode", "DCR")];
    const [batch, channels, height, width] = imageShape(x);
    const inner = channels / block ** 2;
    const wide = [height * block, width * block];
    if (mode === "CRD") {
      const parted = reshape(x, [batch, inner, block, block, height, width]);
      return reshape(transpose(parted, [0, 1, 4, 2, 5, 3]), [batch, inner, ...wide]);
    }
    if (mode !== "DCR") refuse("mode DCR or CRD", mode);
    const parted = reshape(x, [batch, block, block, inner, height, width]);
    return reshape(transpose(parted, [0, 3, 4, 1, 5, 2]), [batch, inner, ...wide]);
  },
  SpaceToDepth: ({ input, int, string, refuse }) => {
    const [x, block, mode] = [input(0), int("blocksize", 1), string("mode", "DCR")];
    const [batch, channels, height, width] = imageShape(x);
    const small = [height / block, width / block] as const;
    const parted = reshape(x, [batch, channels, small[0], block, small[1], block]);
    const outer = [batch, channels * block ** 2, ...small];
    if (mode === "CRD") return reshape(transpose(parted, [0, 1, 3, 5, 2, 4]), outer);
    if (mode !== "DCR") refuse("mode DCR or CRD", mode);
    return reshape(transpose(parted, [0, 3, 5, 1, 2, 4]), outer);
  },
};

function imageShape({ shape }: Tensor): readonly [number, number, number, number] {
  const [batch, channels, height, width] = shape;
  if (shape.length === 4) return [batch!, channels!, height!, width!];
  throw new TypeError(`expected [batch, channels, height, width], found [${shape.join(", ")}]`);
}

function tile(x: Tensor, repeats: readonly number[]): Tensor {
  // [r, 1, length] stretched and laid flat is the length repeated.
  const parted = x.shape.flatMap((length) => [1, length]);
  const wide = x.shape.flatMap((length, axis) => [repeats[axis]!, length]);
  return reshape(
    expand(reshape(x, parted), wide),
    x.shape.map((length, axis) => length * repeats[axis]!),
  );
}
