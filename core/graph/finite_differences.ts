/**
 * Gradient rules against central finite differences, on any device.
 *
 * Many cases share one program: they do not touch each other, so one run shifts an element of every
 * case at once, and the number of runs is that of the largest case, not the sum of all.
 *
 * @module
 */
import { reshape } from "./linear.ts";
import { cast } from "./cast.ts";
import { concat } from "./shape.ts";
import { constant, input, sizeOf } from "./node.ts";
import type { DType, Shape, Tensor } from "./tensor.ts";
import { gradient } from "./gradient.ts";
import type { Device, HostArray } from "../device/device.ts";
import { createRandom } from "../random.ts";

/** A function whose gradient rules are put to the test. */
export interface GradientCase {
  readonly name: string;
  readonly shapes: readonly Shape[];
  /**
   * Where the inputs' values lie, evenly spaced and shuffled; no two values of a case are equal, and
   * in a domain around 0 none is near 0, so kinks are never within a step. Default from −2 to 2.
   */
  readonly domain?: readonly [number, number];
  /** The inputs' values themselves, instead of such that are drawn from the domain. */
  readonly values?: readonly (readonly number[])[];
  readonly f: (...inputs: Tensor[]) => Tensor;
  /** For cases for which ONNX Runtime's CPU has no float64 kernels. Default false. */
  readonly float32Only?: boolean;
}

/** What both ways gave for a case: one number for each element of its inputs, in order. */
export interface GradientComparison {
  readonly name: string;
  readonly analytic: readonly number[];
  readonly numeric: readonly number[];
}

/** Element types in which gradients are compared. */
export type RealType = "float32" | "float64";

// The step balances the truncation error, step²·f‴/6, and the rounding error, ε·f/step.
const steps: Readonly<Record<RealType, number>> = { float32: 1e-2, float64: 1e-5 };

/**
 * How far the two ways may differ, relative to the larger of 1 and the case's largest derivative.
 */
export const tolerances: Readonly<Record<RealType, number>> = { float32: 2e-3, float64: 1e-7 };

/**
 * Contracts each case's output with fixed random weights to a scalar, if it is none, and
 * differentiates that both ways: by `gradient` and by shifting each element of its inputs to both
 * sides.
 */
export async function compareGradients(
  device: Device,
  cases: readonly GradientCase[],
  dtype: RealType,
): Promise<readonly GradientComparison[]> {
  const built = cases.map((definition, index) => build(definition, index, dtype));
  const inputs = built.flatMap((item) => item.inputs);
  const forward = await device.compile({
    inputs,
    outputs: { all: join(built.map(({ output }) => cast(output, dtype))) },
  });
  const backward = await device.compile({
    inputs,
    outputs: { all: join(built.flatMap((item) => gradient(item.output, item.inputs, item.seed))) },
  });
  const held = built.map(({ values, inputs }) =>
    inputs.map(({ shape }, i) => device.upload(real(values[i]!, dtype), shape, dtype))
  );
  const given = Object.fromEntries(
    built.flatMap((item, i) => item.inputs.map((x, k) => [x.node.inputName!, held[i]![k]!])),
  );
  const run = async (program: typeof forward): Promise<number[]> => {
    const { all } = await program.run(given);
    const values = Array.from(await all!.read(), Number);
    all!.dispose();
    return values;
  };
  /** Puts element `index` of every case's inputs `by` further, and says where it came to lie. */
  const shift = (index: number, by: number): readonly number[] =>
    built.map(({ values }, i) => {
      let offset = index;
      for (const [k, data] of values.entries()) {
        if (offset >= 0 && offset < data.length) {
          const shifted = real(data.with(offset, data[offset]! + by), dtype);
          held[i]![k]!.write(shifted);
          return Number(shifted[offset]);
        }
        // One past its last element: the shift moves on to the next input, and this one goes back.
        if (offset === data.length) held[i]![k]!.write(real(data, dtype));
        offset -= data.length;
      }
      return 0;
    });

  const analytic = divide(await run(backward), built.map(({ elements }) => elements));
  const numeric: number[][] = built.map(() => []);
  const sizes = built.map(({ output }) => sizeOf(output.shape));
  for (let index = 0; index < Math.max(...built.map(({ elements }) => elements)); index++) {
    const right = shift(index, steps[dtype]);
    const above = divide(await run(forward), sizes);
    const left = shift(index, -steps[dtype]);
    const below = divide(await run(forward), sizes);
    for (const [i, { elements, weights }] of built.entries()) {
      if (index >= elements) continue;
      const change = weights.reduce((s, w, k) => s + w * (above[i]![k]! - below[i]![k]!), 0);
      numeric[i]!.push(change / (right[i]! - left[i]!));
    }
  }
  for (const tensor of held.flat()) tensor.dispose();
  await forward.dispose();
  await backward.dispose();
  return cases.map(({ name }, i) => ({ name, analytic: analytic[i]!, numeric: numeric[i]! }));
}

/** The largest difference of both ways, relative as {@linkcode tolerances} says. */
export function disagreement({ analytic, numeric }: GradientComparison): number {
  const scale = Math.max(1, ...numeric.map(Math.abs));
  const differences = analytic.map((value, i) => Math.abs(value - numeric[i]!) / scale);
  return differences.some(Number.isNaN) ? NaN : Math.max(...differences);
}

/** The first gradient of a case as a case of its own: what is compared is the second derivative. */
export function secondDerivative(definition: GradientCase): GradientCase {
  return {
    ...definition,
    name: `${definition.name}, second derivative`,
    f: (...inputs) => {
      const y = definition.f(...inputs);
      const seed = constant(weightsOf(definition.name, sizeOf(y.shape)), y.shape, y.dtype);
      return join(gradient(y, inputs, seed));
    },
  };
}

/** All elements of some tensors in one row. */
export function join(tensors: readonly Tensor[]): Tensor {
  return concat(tensors.map((x) => reshape(x, [sizeOf(x.shape)])), 0);
}

/** A row of numbers cut into pieces of the given lengths. */
export function divide(row: readonly number[], lengths: readonly number[]): number[][] {
  let start = 0;
  return lengths.map((length) => row.slice(start, start += length));
}

function build(definition: GradientCase, index: number, dtype: DType) {
  const { shapes, f } = definition;
  const inputs = shapes.map((shape, k) => input(`case${index}_input${k}`, dtype, shape));
  const output = f(...inputs);
  const weights = weightsOf(definition.name, sizeOf(output.shape));
  return {
    inputs,
    output,
    weights,
    seed: constant(weights, output.shape, output.dtype),
    values: valuesOf(definition),
    elements: shapes.reduce((total, shape) => total + sizeOf(shape), 0),
  };
}

function weightsOf(name: string, length: number): number[] {
  if (length === 1) return [1];
  const random = createRandom(1, "weights", name);
  return Array.from({ length }, () => random.next() + 0.5);
}

function valuesOf(
  { name, shapes, values, domain: [low, high] = [-2, 2] }: GradientCase,
): readonly (readonly number[])[] {
  if (values !== undefined) return values;
  const lengths = shapes.map(sizeOf);
  const total = lengths.reduce((a, b) => a + b, 0);
  // An even number of equal cells has an edge, and no value, at the middle of the domain.
  const cells = total + total % 2;
  const all = Array.from({ length: total }, (_, i) => low + (high - low) * (i + 0.5) / cells);
  return divide(createRandom(1, "values", name).shuffle(all), lengths);
}

function real(values: readonly number[], dtype: RealType): HostArray {
  return dtype === "float32" ? Float32Array.from(values) : Float64Array.from(values);
}
