import { bytesPerElement } from "../../device/host_array.ts";
import { compileTyped, type Held, tensorsOf } from "../../device/typed_program.ts";
import { input, sizeOf } from "../../graph/node.ts";
import { replaceTensors } from "../../graph/replace_tensors.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { DualEncoder, TowerOutputs } from "../../model.ts";
import type { Precision } from "../../precision.ts";
import { rowShapes } from "../../towers/forward.ts";
import { inPrecision } from "../../towers/in_precision.ts";
import { parameterSymbols } from "../../towers/symbols.ts";
import { declareInputs, type TowerPart } from "../../towers/tower_part.ts";
import { differentiate, type GradientSums, IN_PLACE, standingOf } from "./gradient_program.ts";
import { keptProducts } from "./kept_products.ts";

/** What {@linkcode passesOf} needs. */
export interface PassOptions extends GradientSums {
  /** Whose towers they are. */
  readonly model: DualEncoder;
  /** What they compute in. Default `"float32"`. */
  readonly precision?: Precision;
}

/** What a part's way forward leaves for its way back. */
export type KeptTensors = Held<Record<string, Tensor>>;

/** A trained tower's way forward and back, for parts of one form. */
export interface TowerPasses {
  /** The shape of a row of each output. */
  readonly rows: Readonly<Record<string, readonly number[]>>;
  /** The size of what the way forward leaves. */
  readonly keptBytes: number;
  /** The rows, and what the way back needs; both belong to the caller. */
  forward(
    part: Held<Record<string, Tensor>>,
  ): Promise<{ readonly outputs: Held<TowerOutputs>; readonly kept: KeptTensors }>;
  /** Adds the gradients of the parameters to their sums, from those that arrived at the rows. */
  backward(
    part: Held<Record<string, Tensor>>,
    seeds: Held<Record<string, Tensor>>,
    kept: KeptTensors,
  ): Promise<void>;
}

/**
 * The two programs of a part. They are the same whether what is between them is kept or computed
 * again, and so are the gradients, to the last bit.
 */
export function passesOf(part: TowerPart, options: PassOptions): Promise<TowerPasses> {
  const { device, model, parameters, gradients, precision = "float32" } = options;
  return device.programs.get(
    [model, parameters, gradients],
    `passes ${precision} ${part.key}`,
    () => compilePasses(part, options),
  );
}

async function compilePasses(
  part: TowerPart,
  options: PassOptions,
): Promise<TowerPasses & { dispose(): Promise<void> }> {
  const { device, model, gradients, precision = "float32" } = options;
  const symbols = parameterSymbols(model);
  const own = declareInputs(part, "tower");
  const encoded = part.encode(own, symbols.lookup);
  const entries = Object.entries(encoded) as [string, Tensor][];
  const seeds = Object.fromEntries(
    entries.map(([name, { shape }]) => [name, input(`seed of ${name}`, "float32", shape)]),
  );
  const of = entries.map(([name, tensor]) => ({ tensor, seed: seeds[name]! }));
  const { inputs, ...differentiated } = differentiate(
    { symbols, inputs: { part: own, seeds }, of, results: {}, further: {} },
    gradients,
  );
  const { outputs, updates } = inPrecision(
    { outputs: encoded, updates: differentiated.updates },
    precision,
  );
  const products = keptProducts(tensorsOf(outputs), Object.values(updates));
  const kept = Object.fromEntries(products.map((tensor, i) => [`${i}`, tensor]));
  const given = Object.fromEntries(
    products.map(({ dtype, shape }, i) => [`${i}`, input(`kept ${i}`, dtype, shape)]),
  );
  const others = new Map(products.map((tensor, i) => [tensor, given[`${i}`]!]));
  const replaced = replaceTensors(Object.values(updates), others);
  const names = Object.keys(updates);
  const [there, back] = [
    await compileTyped(device, {
      inputs: { part: own, parameters: inputs.parameters },
      results: { outputs, kept },
      updates: {},
    }),
    await compileTyped(device, {
      inputs: { ...inputs, kept: given },
      results: {},
      updates: Object.fromEntries(names.map((name, i) => [name, replaced[i]!])),
    }, IN_PLACE),
  ];
  const standing = standingOf(options);
  return {
    rows: rowShapes(outputs),
    keptBytes: products.reduce(
      (sum, { dtype, shape }) => sum + bytesPerElement[dtype] * sizeOf(shape),
      0,
    ),
    forward: (part) => there.run({ part, parameters: standing.parameters }, {}),
    backward: async (part, seeds, kept) => {
      await back.run({ own: { part, seeds }, ...standing, kept }, standing.sums);
    },
    dispose: async () => {
      await there.dispose();
      await back.dispose();
    },
  };
}
