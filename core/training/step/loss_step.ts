import type { DeviceTensor } from "../../device/device.ts";
import { readResults } from "../../device/typed_program.ts";
import { type HostInput, withUploads } from "../../device/uploads.ts";
import type { DualEncoder } from "../../model.ts";
import type { Objective } from "../../objective.ts";
import type { HostRows } from "../../towers/host_rows.ts";
import { compileGradients, type GradientSums } from "./gradient_program.ts";
import { lossProgram } from "./loss_program.ts";
import { countRows, type EmbeddedBatch, type TowerRows } from "./tower_rows.ts";

/** What {@linkcode differentiateLoss} needs. */
export interface LossOptions extends GradientSums {
  /** Whose towers and logit scale the loss is about. */
  readonly model: DualEncoder;
}

/** What came of a batch. */
export interface LossValues {
  /** The total that was differentiated. */
  readonly loss: number;
  /** The loss's named parts. */
  readonly terms: Readonly<Record<string, number>>;
}

/** Values, and the gradients at the rows of towers that were run before. */
export interface LossOutcome extends LossValues {
  readonly arrived: { readonly image?: HostRows; readonly text?: HostRows };
}

/**
 * The second part of a step: the loss of the batch and its gradient, at the embeddings, or down to the
 * parameters of towers that stand in its program.
 *
 * @param state The objective's loss state, which is replaced by that of the next step.
 */
export async function differentiateLoss(
  objective: Objective,
  batch: EmbeddedBatch,
  state: ReadonlyMap<string, DeviceTensor>,
  options: LossOptions,
): Promise<LossOutcome> {
  const { device, model, parameters, gradients } = options;
  const { rows, image, text } = batch;
  const program = await device.programs.get(
    [model, parameters, gradients, objective.loss, objective.composer],
    `loss ${rows}, ${keyOf(image)}, ${keyOf(text)}`,
    () => compileGradients(lossProgram(model, objective, batch), options),
  );
  const { results, further } = await withUploads(device, async (upload) => {
    const present = text.groups.map(({ name, count, present }) =>
      [name, { data: present, shape: [rows, count], dtype: "float32" as const }] as const
    );
    return await readResults(
      await program.run({
        image: upload(inputsOf(image, rows)),
        text: upload(inputsOf(text, rows)),
        present: upload(Object.fromEntries(present)),
        state: Object.fromEntries(state),
      }),
    );
  });
  // Not written by the program itself: it may read the old state after it has the new one.
  for (const [name, tensor] of state) tensor.write(results.state![name]!);
  return {
    loss: results.total[0]!,
    terms: Object.fromEntries(
      Object.entries(results.terms).map(([name, [value]]) => [name, value!]),
    ),
    arrived: {
      ...(further.image === undefined ? {} : { image: arrivedAt(image, further.image.embedding) }),
      ...(further.text === undefined ? {} : { text: arrivedAt(text, further.text.embedding) }),
    },
  };
}

function keyOf({ source }: TowerRows): string {
  if (source.kind === "inside") return source.part.key;
  return `rows of ${source.rows.shape}${source.trained ? ", trained" : ""}`;
}

function inputsOf(
  { groups, source }: TowerRows,
  batch: number,
): Readonly<Record<string, HostInput>> {
  if (source.kind === "inside") return source.part.inputs;
  const { values, shape } = source.rows;
  return {
    embedding: { data: values, shape: [countRows(batch, groups), ...shape], dtype: "float32" },
  };
}

function arrivedAt({ source }: TowerRows, values: Float32Array): HostRows {
  if (source.kind === "inside") throw new TypeError("no gradient arrives at a tower inside");
  return { values, shape: source.rows.shape };
}
