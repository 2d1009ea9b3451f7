import type { HostInput } from "../../device/uploads.ts";
import { withUploads } from "../../device/uploads.ts";
import { input } from "../../graph/node.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { DualEncoder } from "../../model.ts";
import { addRows, type HostRows, type TowerValues, zeroRows } from "../../towers/host_rows.ts";
import { parameterSymbols } from "../../towers/symbols.ts";
import { declareInputs, type TowerPart } from "../../towers/tower_part.ts";
import { compileGradients, type GradientSums } from "./gradient_program.ts";

/** What {@linkcode backward} needs. */
export interface BackwardOptions extends GradientSums {
  /** Whose towers they are. */
  readonly model: DualEncoder;
}

/**
 * The third part of a step: a tower a second time, part by part, now with the gradients that arrived
 * at its rows, down to those of its parameters.
 *
 * @param parts All pictures or texts, cut up.
 * @param arrived In the order of the pictures or texts before they were cut up.
 */
export async function backward(
  parts: readonly TowerPart[],
  arrived: TowerValues,
  options: BackwardOptions,
): Promise<void> {
  for (const part of parts) {
    const program = await programOf(part, options);
    const seeds: Record<string, HostInput> = {};
    for (const [name, rows] of Object.entries(arrived) as [string, HostRows][]) {
      // Rows that only fill the part up get gradient zero; equal texts' gradients add up at their row.
      const seed = zeroRows(part.size, program.rows[name]!);
      addRows(rows, seed, part.rows.values().map(([row, item]) => [item, row]));
      const shape = [part.size, ...seed.shape];
      seeds[name] = { data: seed.values, shape, dtype: "float32" };
    }
    await withUploads(
      options.device,
      (upload) => program.run({ part: upload(part.inputs), seeds: upload(seeds) }),
    );
  }
}

function programOf(part: TowerPart, options: BackwardOptions) {
  const { device, model, parameters, gradients } = options;
  return device.programs.get(
    [model, parameters, gradients],
    `backward ${part.key}`,
    async () => {
      const symbols = parameterSymbols(model);
      const inputs = declareInputs(part, "tower");
      const outputs = Object.entries(part.encode(inputs, symbols.lookup)) as [string, Tensor][];
      const of = outputs.map(([name, tensor]) => {
        return { tensor, seed: input(`seed of ${name}`, "float32", tensor.shape) };
      });
      const seeds = Object.fromEntries(outputs.map(([name], i) => [name, of[i]!.seed]));
      const graph = { symbols, inputs: { part: inputs, seeds }, of, results: {}, further: {} };
      const program = await compileGradients(graph, options);
      return {
        ...program,
        rows: Object.fromEntries(outputs.map(([name, { shape }]) => [name, shape.slice(1)])),
      };
    },
  );
}
