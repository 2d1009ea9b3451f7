import { input } from "../../graph/node.ts";
import { withUploads } from "../../device/uploads.ts";
import type { DualEncoder } from "../../model.ts";
import { copyRows, type HostRows, zeroRows } from "../../towers/host_rows.ts";
import { parameterSymbols } from "../../towers/symbols.ts";
import { declareInputs, type TowerPart } from "../../towers/tower_part.ts";
import { compileGradients, type GradientSums } from "./gradient_program.ts";

/**
 * The third part of a step: a tower a second time, part by part, now with the gradients that arrived
 * at its rows, down to those of its parameters.
 *
 * @param parts All pictures or texts, cut up.
 * @param arrived In the order of the pictures or texts before they were cut up.
 */
export async function backward(
  parts: readonly TowerPart[],
  arrived: HostRows,
  options: GradientSums & { readonly model: DualEncoder },
): Promise<void> {
  const { device, model, parameters, gradients } = options;
  for (const part of parts) {
    const shape = [part.size, ...arrived.shape];
    const program = await device.programs.get(
      [model, parameters, gradients],
      `backward ${part.key}`,
      () => {
        const symbols = parameterSymbols(model);
        const inputs = declareInputs(part, "tower");
        const seed = input("seed", "float32", shape);
        const of = part.encode(inputs, symbols.lookup).embedding;
        const own = { part: inputs, seed: { embedding: seed } };
        return compileGradients(
          { symbols, inputs: own, of, seed, results: {}, further: {} },
          options,
        );
      },
    );
    // Rows that only fill the part up, and those that an earlier part had, get gradient zero.
    const seed = zeroRows(part.size, arrived.shape);
    copyRows(arrived, seed, part.rows.entries().drop(part.seen).map(([i, row]) => [row, i]));
    await withUploads(device, (upload) =>
      program.run({
        part: upload(part.inputs),
        seed: upload({ embedding: { data: seed.values, shape, dtype: "float32" } }),
      }));
  }
}
