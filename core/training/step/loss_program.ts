/**
 * The graph of an objective's loss on a batch, with the towers that stand inside of it.
 *
 * @module
 */
import { l2Normalize } from "../../graph/composite.ts";
import { square } from "../../graph/elementwise.ts";
import { sum } from "../../graph/linear.ts";
import { input } from "../../graph/node.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { LossResult } from "../../loss.ts";
import type { DualEncoder, TowerOutputs } from "../../model.ts";
import type { AnyObjective } from "../../objective.ts";
import type { HostRows } from "../../towers/host_rows.ts";
import { parameterSymbols } from "../../towers/symbols.ts";
import { declareInputs } from "../../towers/tower_part.ts";
import { ownedParameters } from "../loop/owned_parameters.ts";
import { stateShape } from "../loop/state_shape.ts";
import type { GradientGraph } from "./gradient_program.ts";
import { lossResult } from "./loss_result.ts";
import { type FactInputs, lossContext } from "./loss_context.ts";
import {
  type BatchRows,
  countRows,
  type EmbeddedBatch,
  type RowGroup,
  type TeacherName,
  type TowerRows,
} from "./tower_rows.ts";

/** What the program of a loss takes. */
export interface LossInputs {
  /** What goes into the tower where it stands inside; else its rows. */
  readonly image: Readonly<Record<string, Tensor>>;
  /** The same of the text tower. */
  readonly text: Readonly<Record<string, Tensor>>;
  /** Embeddings by other models. */
  readonly teachers: Readonly<Partial<Record<TeacherName, TeacherInputs>>>;
  /** What the loss is multiplied by before its gradient is taken, where it is. */
  readonly scale: { readonly scale?: Tensor };
  /** What is known of the batch beside its embeddings. */
  readonly facts: FactInputs;
}

/** Embeddings of a batch by another model. */
export interface TeacherInputs {
  readonly image: Tensor;
  readonly text: Tensor;
}

/** What the program of a loss gives beside gradients. */
export interface LossResults extends LossResult {
  /**
   * The squared length of every row that the loss is given, 1 but for what rounding leaves. One that
   * has no direction shows here, whatever the loss makes of it.
   */
  readonly lengths: { readonly image: Tensor; readonly text: Tensor };
}

/** The gradients that arrive at the rows of trained towers that were run before. */
export interface ArrivedGradients {
  readonly image?: TowerOutputs;
  readonly text?: TowerOutputs;
}

/**
 * The graph of an objective's loss on a batch of this form.
 *
 * @param scaled Whether gradients are those of the loss times a number that is given with the batch.
 */
export function lossProgram(
  model: DualEncoder,
  objective: AnyObjective,
  { rows: batch, image, text, teachers, read }: EmbeddedBatch,
  scaled: boolean,
): GradientGraph<LossInputs, LossResults, ArrivedGradients> {
  const { loss, composer } = objective;
  const owned = ownedParameters(objective, model);
  const symbols = parameterSymbols({ parameters: [...model.parameters, ...owned] });
  const towerOf = ({ groups, source }: TowerRows, tower: "image" | "text") => {
    if (source.kind === "inside") {
      const inputs = declareInputs(source.part, tower);
      return { inputs, outputs: source.part.encode(inputs, symbols.lookup), arrived: undefined };
    }
    const outputs = declareRows(source.values, tower, countRows(batch, groups));
    return { inputs: { ...outputs }, outputs, arrived: source.trained ? outputs : undefined };
  };
  const [images, texts] = [towerOf(image, "image"), towerOf(text, "text")];
  const taught = Object.fromEntries(
    Object.entries(teachers).map(([name, rows]) => [name, declareTeacher(rows, name, batch)]),
  );
  const ofGroups = (groups: readonly RowGroup[], what: string) =>
    Object.fromEntries(
      groups.map(({ name, count }) => [name, input(`${what} ${name}`, "float32", [batch, count])]),
    );
  const facts: FactInputs = {
    present: ofGroups(text.groups, "present"),
    presentImages: ofGroups(image.groups.slice(1), "present image"),
    identity: {
      picture: input("picture", "float32", [batch]),
      text: ofGroups(text.groups, "identity of"),
    },
    ...(loss.extras?.includes("example") ? { example: input("example", "int64", [batch]) } : {}),
    lengths: ofGroups(text.groups.filter(({ lengths }) => lengths !== undefined), "lengths"),
    read: Object.fromEntries(
      read.map(({ name, count, length }) =>
        [name, input(`read ${name}`, "int64", [batch, count, length])] as const
      ),
    ),
    state: Object.fromEntries(
      Object.entries(loss.state ?? {}).map(([name, each]) =>
        [name, input(`state ${name}`, "float32", stateShape(each, composer.groups))] as const
      ),
    ),
    step: input("step", "float32", []),
    epoch: input("epoch", "float32", []),
  };
  const unit = {
    image: l2Normalize(images.outputs.embedding),
    text: l2Normalize(texts.outputs.embedding),
  };
  const context = lossContext({
    batch,
    groups: { image: image.groups, text: text.groups },
    outputs: { image: images.outputs, text: texts.outputs },
    unit,
    teachers: taught,
    facts,
    parameters: Object.fromEntries(owned.map(({ name, own }) => [own, symbols.lookup(name)])),
    model,
    lookup: symbols.lookup,
    extras: loss.extras ?? [],
  });
  const result = lossResult(objective, () => loss.compute(context));
  const scale = scaled ? { scale: input("loss scale", "float32", []) } : {};
  return {
    symbols,
    inputs: { image: images.inputs, text: texts.inputs, teachers: taught, scale, facts },
    of: [{ tensor: result.total, ...(scaled ? { seed: scale.scale! } : {}) }],
    results: { ...result, lengths: { image: lengthOf(unit.image), text: lengthOf(unit.text) } },
    further: {
      ...(images.arrived === undefined ? {} : { image: images.arrived }),
      ...(texts.arrived === undefined ? {} : { text: texts.arrived }),
    },
  };
}

function lengthOf(unit: Tensor): Tensor {
  return sum(square(unit), [1]);
}

function declareRows(values: object, tower: string, count: number): TowerOutputs {
  return Object.fromEntries(
    (Object.entries(values) as [string, HostRows][]).map(([name, { shape }]) =>
      [name, input(`${tower} ${name}`, "float32", [count, ...shape])] as const
    ),
  ) as unknown as TowerOutputs;
}

function declareTeacher({ image, text }: BatchRows, name: string, batch: number): TeacherInputs {
  const embeddingOf = ({ source, groups }: TowerRows, tower: string) => {
    if (source.kind === "inside") throw new TypeError("a teacher's tower is never inside");
    return declareRows(source.values, `${name} ${tower}`, countRows(batch, groups)).embedding;
  };
  return { image: embeddingOf(image, "image"), text: embeddingOf(text, "text") };
}
