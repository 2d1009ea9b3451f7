/**
 * Programs that add the gradients of what they compute onto sums.
 *
 * @module
 */
import { gradient } from "../../graph/gradient.ts";
import { input } from "../../graph/node.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { Device, DeviceTensor, Program } from "../../device/device.ts";
import type { DeviceParameters } from "../../towers/device_parameters.ts";
import { type ParameterSymbols, pick } from "../../towers/symbols.ts";
import { accumulate } from "./accumulate.ts";

/** Where gradients go. */
export interface GradientSums {
  /** Where gradients are computed. */
  readonly device: Device;
  /** The values of all parameters, trained or not, on that device. */
  readonly parameters: DeviceParameters;
  /** Where gradients are added up, one for each trained parameter; zero before a step. */
  readonly gradients: ReadonlyMap<string, DeviceTensor>;
}

/** What a gradient program computes. */
export interface GradientGraph {
  /** The parameters that the graph uses; those of them that are trained get a gradient. */
  readonly symbols: ParameterSymbols;
  /** All other inputs. */
  readonly inputs: readonly Tensor[];
  /** What is differentiated: a scalar, or any tensor with a seed. */
  readonly of: Tensor;
  /** The gradient that arrives at `of`. */
  readonly seed?: Tensor;
  /** Results beside the gradients. */
  readonly outputs?: Readonly<Record<string, Tensor>>;
  /** Tensors whose gradients are results too, by the names of those results. */
  readonly further?: Readonly<Record<string, Tensor>>;
}

/** A compiled gradient graph. */
export interface GradientProgram {
  /** What was compiled; freed by who asked for it. */
  readonly program: Program;
  /**
   * Adds the gradients to their sums.
   *
   * @param inputs A tensor for each of the graph's inputs that is no parameter.
   * @returns the outputs and further gradients, which now belong to the caller.
   */
  run(inputs: Readonly<Record<string, DeviceTensor>>): Promise<Record<string, DeviceTensor>>;
}

/** Differentiates a graph and compiles it. */
export async function compileGradients(
  { symbols, inputs, of, seed, outputs = {}, further = {} }: GradientGraph,
  { device, parameters, gradients }: GradientSums,
): Promise<GradientProgram> {
  const trained = [...symbols.used].filter(([name]) => gradients.has(name));
  const all = gradient(
    of,
    [...trained.map(([, tensor]) => tensor), ...Object.values(further)],
    seed,
  );
  const sums = trained.map(([name, { shape }]) => input(`sum:${name}`, "float32", shape));
  const program = await device.compile({
    inputs: [...inputs, ...symbols.used.values(), ...sums],
    outputs: {
      ...outputs,
      ...Object.fromEntries(
        trained.map(([name], i) => [`gradient:${name}`, accumulate(sums[i]!, all[i]!)]),
      ),
      ...Object.fromEntries(
        Object.keys(further).map((name, i) => [name, all[trained.length + i]!]),
      ),
    },
    // Nothing but its own accumulation reads a sum.
  }, { inPlace: true });
  const held = (prefix: string) =>
    Object.fromEntries(trained.map(([name]) => [prefix + name, gradients.get(name)!]));
  const standing = { ...pick(parameters, symbols.used), ...held("sum:") };
  const into = held("gradient:");
  return { program, run: (fed) => program.run({ ...standing, ...fed }, into) };
}
