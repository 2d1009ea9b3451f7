/**
 * Tensors that are made of nothing but shapes and types.
 *
 * @module
 */
import { cast } from "../../cast.ts";
import { equal, less, where } from "../../comparison.ts";
import { add } from "../../elementwise.ts";
import { expand, reshape } from "../../linear.ts";
import { constant, indices, normalizeAxis, scalar, sizeOf, zeros } from "../../node.ts";
import { slice } from "../../shape.ts";
import type { Rules } from "../call.ts";
import { dtypeOf, tensorConstant } from "../tensor_values.ts";

const ownValues = (): never => {
  throw new RangeError(
    "expected the values of a constant in the model, found them in another file",
  );
};

/**
 * The largest number of JavaScript's that int64 has. The largest of int64, which exporters write for the
 * end of an axis, is none of JavaScript's: rounded, it would be the smallest.
 */
const LAST_NUMBER = 2 ** 63 - 1024;

/** Constants, shapes and masks. */
export const makingRules: Rules = {
  Constant: (call) => {
    const { tensor, float, floats, int, ints, refuse } = call;
    const value = tensor("value");
    if (value !== undefined) return tensorConstant(value, ownValues);
    const [one, many] = [float("value_float"), floats("value_floats")];
    if (one !== undefined) return scalar(one);
    if (many !== undefined) return constant(many, [many.length]);
    const [whole, wholes] = [int("value_int"), ints("value_ints")];
    if (whole !== undefined) return scalar(Math.min(whole, LAST_NUMBER), "int64");
    return indices(
      (wholes ?? refuse("numbers", "none")).map((each) => Math.min(each, LAST_NUMBER)),
    );
  },
  ConstantOfShape: ({ known, tensor }) => {
    const shape = known(0, "a shape");
    const value = tensor("value");
    if (value === undefined) return zeros(shape);
    return expand(reshape(tensorConstant(value, ownValues), []), shape);
  },
  Shape: ({ input, int }) => {
    const { shape } = input(0);
    return indices(shape.slice(int("start", 0), int("end", shape.length)));
  },
  Size: ({ input }) => scalar(sizeOf(input(0).shape), "int64"),
  Range: ({ input, known, refuse }) => {
    const [[start], [limit], [delta]] = [
      known(0, "a start"),
      known(1, "a limit"),
      known(2, "a step"),
    ] as readonly [readonly number[], readonly number[], readonly number[]];
    const length = Math.max(0, Math.ceil((limit! - start!) / delta!));
    if (!Number.isFinite(length)) refuse("a step that leads to the limit", `${delta}`);
    const values = Array.from({ length }, (_, i) => start! + i * delta!);
    return constant(values, [length], input(0).dtype);
  },
  EyeLike: ({ input, int, refuse }) => {
    const { shape, dtype } = input(0);
    if (shape.length !== 2) refuse("a matrix", `${shape.length} axes`);
    const [rows, columns] = shape as readonly [number, number];
    const k = int("k", 0);
    const to = int("dtype");
    const values = Array.from(
      { length: rows * columns },
      (_, i) => Number(i % columns - Math.floor(i / columns) === k),
    );
    return constant(values, shape, to === undefined ? dtype : dtypeOf("dtype", to));
  },
  Trilu: ({ input, optionalKnown, int, refuse }) => {
    const x = input(0);
    const [rows, columns] = x.shape.slice(-2) as [number?, number?];
    if (rows === undefined || columns === undefined) return refuse("matrices", "fewer axes");
    const k = optionalKnown(1, "a diagonal")?.[0] ?? 0;
    const isUpper = int("upper", 1) === 1;
    const kept = Array.from({ length: rows * columns }, (_, i) => {
      const distance = i % columns - Math.floor(i / columns);
      return Number(isUpper ? distance >= k : distance <= k);
    });
    return where(constant(kept, [rows, columns], "bool"), x, scalar(0, x.dtype));
  },
  OneHot: ({ op, input, known, int }) => {
    const values = input(2);
    const depth = known(1, "a depth")[0]!;
    const given = cast(input(0), "int64");
    const rank = given.shape.length + 1;
    const axis = normalizeAxis(op, int("axis", -1), rank);
    const places = where(less(given, 0), add(given, depth), given);
    const wide = [...given.shape.slice(0, axis), 1, ...given.shape.slice(axis)];
    const line = new Array<number>(rank).fill(1).with(axis, depth);
    const classes = reshape(indices(Array.from({ length: depth }, (_, i) => i)), line);
    const at = (place: number) =>
      reshape(slice(values, { axis: 0, start: place, end: place + 1 }), []);
    return where(equal(reshape(places, wide), classes), at(1), at(0));
  },
  Cast: ({ input, int, string, refuse }) => {
    // Both are of types of eight bits, which no tensor here is of.
    int("saturate", 1);
    string("round_mode", "up");
    return cast(input(0), dtypeOf("to", int("to") ?? refuse("a type", "none")));
  },
  CastLike: ({ input, int, string }) => {
    int("saturate", 1);
    string("round_mode", "up");
    return cast(input(0), input(1).dtype);
  },
  Dropout: ({ op, input, optional, optionalKnown, int, float, refuse }) => {
    // The ratio: an attribute in set 11, which knows no training.
    float("ratio");
    optional(1);
    int("seed", 0);
    const x = input(0);
    const isTraining = optionalKnown(2, "a training mode")?.[0] ?? 0;
    if (isTraining !== 0) refuse(`${op} that keeps everything`, "training mode");
    return [x, expand(scalar(1, "bool"), x.shape)];
  },
};
