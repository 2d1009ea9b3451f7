/**
 * The graph of an objective's loss on a batch, with the towers that stand inside of it.
 *
 * @module
 */
import { l2Normalize } from "../../graph/composite.ts";
import { exp } from "../../graph/elementwise.ts";
import { reshape } from "../../graph/linear.ts";
import { input } from "../../graph/node.ts";
import { slice } from "../../graph/shape.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { LossResult } from "../../loss.ts";
import type { DualEncoder } from "../../model.ts";
import type { Objective } from "../../objective.ts";
import { parameterSymbols } from "../../towers/symbols.ts";
import { declareInputs, type TowerOutputs } from "../../towers/tower_part.ts";
import { stateShape } from "../loop/state.ts";
import type { GradientGraph } from "./gradient_program.ts";
import { countRows, type EmbeddedBatch, type RowGroup, type TowerRows } from "./tower_rows.ts";

type Named = Readonly<Record<string, Tensor>>;

/** What the program of a loss takes. */
export interface LossInputs {
  /** Of the tower's part where it stands inside; else its rows. */
  readonly image: Named;
  readonly text: Named;
  /** `[batch, count]` for each text group. */
  readonly present: Named;
  /** The loss's state before the step. */
  readonly state: Named;
}

/** The gradients that arrive at the rows of trained towers that were run before. */
export interface ArrivedGradients {
  readonly image?: TowerOutputs;
  readonly text?: TowerOutputs;
}

/** The graph of an objective's loss on a batch of this form. */
export function lossProgram(
  model: DualEncoder,
  { loss, composer }: Objective,
  { rows, image, text }: EmbeddedBatch,
): GradientGraph<LossInputs, LossResult, ArrivedGradients> {
  const { dim } = model;
  const symbols = parameterSymbols(model);
  const towerOf = ({ groups, source }: TowerRows, tower: "image" | "text") => {
    if (source.kind === "inside") {
      const inputs = declareInputs(source.part, tower);
      return { inputs, outputs: source.part.encode(inputs, symbols.lookup), arrived: undefined };
    }
    const shape = [countRows(rows, groups), ...source.rows.shape];
    const outputs = { embedding: input(`${tower} embedding`, "float32", shape) };
    return { inputs: { ...outputs }, outputs, arrived: source.trained ? outputs : undefined };
  };
  const images = towerOf(image, "image");
  const texts = towerOf(text, "text");
  const present = mapGroups(
    text.groups,
    ({ name, count }) => input(`present ${name}`, "float32", [rows, count]),
  );
  const state = Object.fromEntries(
    Object.entries(loss.state ?? {}).map(([name, each]) =>
      [name, input(`state ${name}`, "float32", stateShape(each, composer.groups))] as const
    ),
  );
  const result = loss.compute({
    image: l2Normalize(images.outputs.embedding),
    text: splitGroups(l2Normalize(texts.outputs.embedding), rows, text.groups, dim),
    present,
    logitScale: exp(symbols.lookup(model.logitScale)),
    state,
  });
  return {
    symbols,
    inputs: { image: images.inputs, text: texts.inputs, present, state },
    of: result.total,
    results: result,
    further: {
      ...(images.arrived === undefined ? {} : { image: images.arrived }),
      ...(texts.arrived === undefined ? {} : { text: texts.arrived }),
    },
  };
}

/** `[batch, count, dim]` for each group, of its rows in `[rows, dim]`. */
function splitGroups(
  all: Tensor,
  batch: number,
  groups: readonly RowGroup[],
  dim: number,
): Record<string, Tensor> {
  let start = 0;
  return mapGroups(groups, ({ count }) => {
    const end = start + batch * count;
    const rows = slice(all, { axis: 0, start, end });
    start = end;
    return reshape(rows, [batch, count, dim]);
  });
}

function mapGroups<T>(
  groups: readonly RowGroup[],
  valueOf: (group: RowGroup) => T,
): Record<string, T> {
  return Object.fromEntries(groups.map((group) => [group.name, valueOf(group)]));
}
