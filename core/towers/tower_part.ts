/**
 * Parts of a batch on their way through a tower: as many pictures or texts as go through it together,
 * with all that its graph takes. Towers forward, towers backward and the loss's own program are made
 * of them alike.
 *
 * @module
 */
import type { HostInput } from "../device/uploads.ts";
import { input } from "../graph/node.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { ParameterLookup, TowerOutputs } from "../model.ts";

/** Pictures or texts that go through a tower together. */
export interface TowerPart {
  /** Parts of one model and the same key have the same graph. */
  readonly key: string;
  /** Rows of the graph. */
  readonly size: number;
  /**
   * Which row of the graph is that of which picture or text, as a place in the list that was cut up.
   * All parts together have every picture or text once; equal texts may have one row. Other rows only
   * fill up.
   */
  readonly rows: readonly (readonly [row: number, item: number])[];
  /** What the graph takes. */
  readonly inputs: Readonly<Record<string, HostInput>>;
  /** Builds the graph on such inputs. */
  encode(inputs: Readonly<Record<string, Tensor>>, parameter: ParameterLookup): TowerOutputs;
}

/** Symbolic inputs for a part, named after a tower. */
export function declareInputs(
  { inputs }: TowerPart,
  tower: string,
): Readonly<Record<string, Tensor>> {
  return Object.fromEntries(
    Object.entries(inputs).map((
      [name, { dtype, shape }],
    ) => [name, input(`${tower} ${name}`, dtype, shape)]),
  );
}

/**
 * What a tower gives beyond embeddings.
 *
 * @param encode Absent where the tower gives nothing.
 * @throws {TypeError} if that lacks something that is wanted.
 */
export function encodeWanted(
  tower: "image" | "text",
  wanted: readonly (keyof TowerOutputs)[],
  encode: (() => TowerOutputs) | undefined,
): TowerOutputs {
  const outputs = encode?.();
  const missing = wanted.filter((feature) => outputs?.[feature] === undefined);
  if (outputs !== undefined && missing.length === 0) return outputs;
  throw new TypeError(`the model's ${tower} tower does not give ${missing.join(", ")}`);
}
