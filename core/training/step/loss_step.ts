import type { DeviceTensor } from "../../device/device.ts";
import { readResults } from "../../device/typed_program.ts";
import { type HostInput, withUploads } from "../../device/uploads.ts";
import type { DualEncoder } from "../../model.ts";
import type { AnyObjective } from "../../objective.ts";
import type { HostRows, TowerValues } from "../../towers/host_rows.ts";
import { compileGradients, type GradientSums } from "./gradient_program.ts";
import { type BrokenRow, findBroken } from "./broken_row.ts";
import { lossProgram } from "./loss_program.ts";
import type { ReadGroup } from "../loop/read_group.ts";
import type { LossScale } from "./loss_scale.ts";
import { countRows, type EmbeddedBatch, type RowGroup, type TowerRows } from "./tower_rows.ts";

/** What {@linkcode differentiateLoss} needs. */
export interface LossOptions extends GradientSums {
  /** Whose towers and logit scale the loss is about. */
  readonly model: DualEncoder;
  /** What the loss is multiplied by before its gradient is taken. Default: nothing. */
  readonly lossScale?: LossScale | undefined;
}

/** What came of a batch. */
export interface LossValues {
  /** The total that was differentiated. */
  readonly loss: number;
  /** The loss's named parts. */
  readonly terms: Readonly<Record<string, number>>;
  /** What is wrong with the loss's input, where it is given a row that is not finite or has no length. */
  readonly fault?: string;
}

/** Values, and the gradients at the rows of towers that were run before. */
export interface LossOutcome extends LossValues {
  readonly arrived: { readonly image?: TowerValues; readonly text?: TowerValues };
  /** An embedding that has no direction; nothing else is told then. */
  readonly broken?: BrokenRow;
}

/** Where in a run a batch is. */
export interface Moment {
  /** Steps done before it. */
  readonly step: number;
  /** The epoch that it began in. */
  readonly epoch: number;
}

/**
 * The second part of a step: the loss of the batch and its gradient, at the embeddings, or down to the
 * parameters of towers that stand in its program.
 *
 * @param state The objective's loss state, which is replaced by that of the next step.
 */
export async function differentiateLoss(
  objective: AnyObjective,
  batch: EmbeddedBatch,
  moment: Moment,
  state: ReadonlyMap<string, DeviceTensor>,
  options: LossOptions,
): Promise<LossOutcome> {
  const { device, model, parameters, gradients, lossScale } = options;
  const { rows, image, text, teachers, identity, examples, read } = batch;
  const program = await device.programs.get(
    [model, parameters, gradients, objective.loss, objective.composer],
    `loss ${objective.name}, ${rows} rows, ${keyOf(image)}, ${keyOf(text)}${
      read.map(({ length }) => `, ${length} read`).join("")
    }${lossScale === undefined ? "" : ", scaled"}`,
    () => compileGradients(lossProgram(model, objective, batch, lossScale !== undefined), options),
  );
  const { results, further } = await withUploads(device, async (upload) => {
    const taught = Object.entries(teachers).map(([name, each]) => {
      const [image, text] = [inputsOf(each.image, rows), inputsOf(each.text, rows)];
      return [name, upload({ image: image.embedding!, text: text.embedding! })];
    });
    return await readResults(
      await program.run({
        image: upload(inputsOf(image, rows)),
        text: upload(inputsOf(text, rows)),
        teachers: Object.fromEntries(taught),
        scale: lossScale === undefined ? {} : upload({ scale: scalar(lossScale.value()) }),
        facts: {
          present: upload(factsOf(text.groups, rows, ({ present }) => present)),
          presentImages: upload(factsOf(image.groups.slice(1), rows, ({ present }) => present)),
          identity: {
            ...upload({ picture: { data: identity.picture, shape: [rows], dtype: "float32" } }),
            text: upload(factsOf(text.groups, rows, ({ name }) => identity.text[name])),
          },
          ...(examples && upload({ example: indicesOf(examples) })),
          lengths: upload(factsOf(text.groups, rows, ({ lengths }) => lengths)),
          read: upload(Object.fromEntries(read.map((group) => [group.name, idsOf(group, rows)]))),
          state: Object.fromEntries(state),
          ...upload({ step: scalar(moment.step), epoch: scalar(moment.epoch) }),
        },
      }),
    );
  });
  const broken = findBroken(image, results.lengths.image, "image") ??
    findBroken(text, results.lengths.text, "text");
  if (broken !== undefined) return { loss: NaN, terms: {}, broken, arrived: {} };
  // Not written by the program itself: it may read the old state after it has the new one.
  for (const [name, tensor] of state) tensor.write(results.state![name]!);
  return {
    loss: results.total[0]!,
    terms: Object.fromEntries(
      Object.entries(results.terms).map(([name, [value]]) => [name, value!]),
    ),
    arrived: {
      ...(further.image === undefined ? {} : { image: arrivedAt(image, further.image) }),
      ...(further.text === undefined ? {} : { text: arrivedAt(text, further.text) }),
    },
  };
}

function keyOf({ source }: TowerRows): string {
  if (source.kind === "inside") return source.part.key;
  const rows = Object.entries(source.values).map(([name, { shape }]) => `${name} ${shape}`);
  return `${rows.join(" ")}${source.trained ? " trained" : ""}`;
}

function inputsOf(
  { groups, source }: TowerRows,
  batch: number,
): Readonly<Record<string, HostInput>> {
  if (source.kind === "inside") return source.part.inputs;
  const count = countRows(batch, groups);
  return Object.fromEntries(
    (Object.entries(source.values) as [string, HostRows][]).map(([name, { values, shape }]) =>
      [name, { data: values, shape: [count, ...shape], dtype: "float32" }] as const
    ),
  );
}

function factsOf(
  groups: readonly RowGroup[],
  batch: number,
  valueOf: (group: RowGroup) => Float32Array | undefined,
): Readonly<Record<string, HostInput>> {
  return Object.fromEntries(groups.flatMap((group) => {
    const data = valueOf(group);
    if (data === undefined) return [];
    return [[group.name, { data, shape: [batch, group.count], dtype: "float32" as const }]];
  }));
}

function idsOf({ count, length, ids }: ReadGroup, batch: number): HostInput {
  const data = BigInt64Array.from(ids, BigInt);
  return { data, shape: [batch, count, length], dtype: "int64" };
}

function indicesOf(examples: readonly number[]): HostInput {
  return { data: BigInt64Array.from(examples, BigInt), shape: [examples.length], dtype: "int64" };
}

function scalar(value: number): HostInput {
  return { data: Float32Array.of(value), shape: [], dtype: "float32" };
}

function arrivedAt(
  { source }: TowerRows,
  found: Readonly<Record<string, Float32Array>>,
): TowerValues {
  if (source.kind === "inside") throw new TypeError("no gradient arrives at a tower inside");
  const own = source.values as unknown as Readonly<Record<string, HostRows>>;
  return Object.fromEntries(
    Object.entries(found).map(([name, values]) => [name, { values, shape: own[name]!.shape }]),
  ) as unknown as TowerValues;
}
