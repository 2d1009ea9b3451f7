import { input } from "../graph/node.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { DualEncoder, ParameterLookup } from "../model.ts";

/** A model's parameters as graph inputs; those that are looked up are remembered. */
export interface ParameterSymbols {
  /** The input of a parameter. */
  readonly lookup: ParameterLookup;
  /** The inputs that a graph turned out to need, by parameter name. */
  readonly used: ReadonlyMap<string, Tensor>;
}

/**
 * Graph inputs for a model's parameters, made as a tower asks for them.
 *
 * @throws {RangeError} from `lookup`, if the model has no such parameter.
 */
export function parameterSymbols(
  { parameters }: Pick<DualEncoder, "parameters">,
): ParameterSymbols {
  const shapes = new Map(parameters.map(({ name, shape }) => [name, shape]));
  const used = new Map<string, Tensor>();
  const lookup = (name: string): Tensor => {
    let tensor = used.get(name);
    if (tensor === undefined) {
      const shape = shapes.get(name);
      if (shape === undefined) throw new RangeError(`the model has no parameter "${name}"`);
      used.set(name, tensor = input(name, "float32", shape));
    }
    return tensor;
  };
  return { lookup, used };
}
