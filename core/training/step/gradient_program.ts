/**
 * Programs that add the gradients of what they compute onto sums.
 *
 * @module
 */
import { add, mul } from "../../graph/elementwise.ts";
import { gradient } from "../../graph/gradient.ts";
import { sum } from "../../graph/linear.ts";
import { input } from "../../graph/node.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { Device, DeviceTensor } from "../../device/device.ts";
import {
  compileTyped,
  type Held,
  mapTensors,
  tensorsOf,
  type TypedGraph,
} from "../../device/typed_program.ts";
import type { DeviceParameters } from "../../towers/device_parameters.ts";
import type { ParameterSymbols } from "../../towers/symbols.ts";
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

/** A scalar, or any tensor with a seed. */
export interface Differentiated {
  readonly tensor: Tensor;
  /** The gradient that arrives at it. */
  readonly seed?: Tensor;
}

/** What a gradient program computes. */
export interface GradientGraph<Inputs, Results, Further> {
  /** The parameters that the graph uses; those of them that are trained get a gradient. */
  readonly symbols: ParameterSymbols;
  /** All other inputs. */
  readonly inputs: Inputs;
  /** What is differentiated, all of it together. */
  readonly of: readonly Differentiated[];
  /** Results beside the gradients. */
  readonly results: Results;
  /** Tensors whose gradients are results too. */
  readonly further: Further;
}

/** A compiled gradient graph. */
export interface GradientProgram<Inputs, Results, Further> {
  /**
   * Adds the gradients to their sums.
   *
   * @returns the results and the further gradients, which now belong to the caller.
   */
  run(inputs: Held<Inputs>): Promise<{
    readonly results: Held<Results>;
    readonly further: Held<Further>;
  }>;
  /** Frees the program. */
  dispose(): Promise<void>;
}

/** Differentiates a graph and compiles it. */
export async function compileGradients<I extends object, R extends object, F extends object>(
  graph: GradientGraph<I, R, F>,
  sums: GradientSums,
): Promise<GradientProgram<I, R, F>> {
  const program = await compileTyped(
    sums.device,
    differentiate(graph, sums.gradients),
    IN_PLACE,
  );
  const standing = standingOf(sums);
  return {
    run: async (own) => await program.run({ own, ...standing }, standing.sums),
    dispose: () => program.dispose(),
  };
}

/** Nothing but its own accumulation reads a sum. */
export const IN_PLACE = { inPlace: true } as const;

/** What every run of a gradient program is given. */
export function standingOf({ parameters, gradients }: GradientSums) {
  return { parameters: Object.fromEntries(parameters), sums: Object.fromEntries(gradients) };
}

/** A graph with its gradients, added onto the sums that it takes. */
export function differentiate<I extends object, R extends object, F extends object>(
  { symbols, inputs, of, results, further }: GradientGraph<I, R, F>,
  gradients: GradientSums["gradients"],
): TypedGraph<
  { own: I; parameters: Record<string, Tensor>; sums: Record<string, Tensor> },
  { results: R; further: F },
  Record<string, Tensor>
> {
  const trained = [...symbols.used].filter(([name]) => gradients.has(name));
  const { tensor, seed } = joined(of);
  const wrt = [...trained.map(([, tensor]) => tensor), ...tensorsOf(further)];
  const all = gradient(tensor, wrt, seed);
  const added = all.splice(0, trained.length);
  const sums = trained.map(([name, { shape }]) => input(`sum of ${name}`, "float32", shape));
  const byName = (tensors: readonly Tensor[]) =>
    Object.fromEntries(trained.map(([name], i) => [name, tensors[i]!]));
  return {
    inputs: { own: inputs, parameters: Object.fromEntries(symbols.used), sums: byName(sums) },
    results: { results, further: mapTensors(further, () => all.shift()!) },
    updates: byName(sums.map((sum, i) => accumulate(sum, added[i]!))),
  };
}

/** Several tensors with seeds have the gradients of the scalar `Σ ⟨tensor, seed⟩`. */
function joined(of: readonly Differentiated[]): Differentiated {
  if (of.length === 1) return of[0]!;
  const scalars = of.map(({ tensor, seed }) =>
    seed === undefined ? tensor : sum(mul(tensor, seed))
  );
  return { tensor: scalars.reduce(add) };
}
