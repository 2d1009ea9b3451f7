import { disposeResults } from "../../device/typed_program.ts";
import { type HostInput, withUploads } from "../../device/uploads.ts";
import { addRows, type HostRows, type TowerValues, zeroRows } from "../../towers/host_rows.ts";
import type { TowerPart } from "../../towers/tower_part.ts";
import type { Keeper } from "./keeper.ts";
import { passesOf, type PassOptions } from "./tower_passes.ts";

/** What {@linkcode backward} needs. */
export interface BackwardOptions extends PassOptions {
  /** What parts left on their way forward. */
  readonly keeper: Keeper;
}

/**
 * The third part of a step: a tower's way back, part by part, from the gradients that arrived at its
 * rows to those of its parameters. A part of whose way forward nothing was kept goes it again.
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
    const passes = await passesOf(part, options);
    const seeds: Record<string, HostInput> = {};
    for (const [name, rows] of Object.entries(arrived) as [string, HostRows][]) {
      // Rows that only fill the part up get gradient zero; equal texts' gradients add up at their row.
      const seed = zeroRows(part.size, passes.rows[name]!);
      addRows(rows, seed, part.rows.values().map(([row, item]) => [item, row]));
      const shape = [part.size, ...seed.shape];
      seeds[name] = { data: seed.values, shape, dtype: "float32" };
    }
    await withUploads(options.device, async (upload) => {
      const inputs = upload(part.inputs);
      const kept = options.keeper.take(part) ?? await goAgain(passes, inputs);
      try {
        await passes.backward(inputs, upload(seeds), kept);
      } finally {
        disposeResults(kept);
      }
    });
  }
}

async function goAgain(
  passes: Awaited<ReturnType<typeof passesOf>>,
  inputs: Parameters<typeof passes.forward>[0],
) {
  const { outputs, kept } = await passes.forward(inputs);
  disposeResults(outputs);
  return kept;
}
