/**
 * The program of a loss, with the towers that go with it.
 *
 * @module
 */
import { input } from "../../graph/node.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { DualEncoder } from "../../model.ts";
import type { Objective } from "../../objective.ts";
import { parameterSymbols } from "../../towers/symbols.ts";
import type { GradientGraph } from "./gradient_program.ts";
import { type GroupShape, lossGraph } from "./loss_graph.ts";

/**
 * Where a tower stands relative to the loss's program: inside of it, or run before, its embeddings
 * being inputs; if it is trained, the gradient that arrives at them is then a result.
 */
export type Place = "inside" | "before, trained" | "before, frozen";

/** What the program of a loss is built for. */
export interface LossShape {
  readonly rows: number;
  readonly groups: readonly GroupShape[];
  /** Tokens a text, where the text tower is inside. */
  readonly tokens: number;
  readonly places: { readonly image: Place; readonly text: Place };
}

/**
 * The graph of an objective's loss on a batch.
 *
 * Inputs: `pixels` or `image`, `ids` and `end` or `text`, and those of {@linkcode LossGraph}.
 * Outputs: `loss`, `term:<name>`, `next:<name>` of the state, `length:image` and `length:text`,
 * `dImage` and `dText` where a trained tower stands before.
 */
export function lossProgram(
  model: DualEncoder,
  objective: Objective,
  { rows, groups, tokens, places }: LossShape,
): GradientGraph {
  const { dim, image: { size: side } } = model;
  const texts = groups.reduce((sum, { count }) => sum + rows * count, 0);
  const symbols = parameterSymbols(model);
  const inputs: Tensor[] = [];
  const declare = (name: string, dtype: "float32" | "int64", shape: readonly number[]) => {
    const tensor = input(name, dtype, shape);
    inputs.push(tensor);
    return tensor;
  };
  const image = places.image === "inside"
    ? model.image.encode(declare("pixels", "float32", [rows, 3, side, side]), symbols.lookup)
    : declare("image", "float32", [rows, dim]);
  const text = places.text === "inside"
    ? model.text.encode(
      declare("ids", "int64", [texts, tokens]),
      declare("end", "int64", [texts]),
      symbols.lookup,
    )
    : declare("text", "float32", [texts, dim]);
  const logScale = symbols.lookup(model.logitScale);
  const loss = lossGraph(objective, groups, { image, text, logScale });
  return {
    symbols,
    inputs: [...inputs, ...loss.inputs],
    of: loss.total,
    outputs: {
      loss: loss.total,
      ...prefixed("term:", loss.terms),
      ...prefixed("next:", loss.state ?? {}),
      ...prefixed("length:", loss.lengths),
    },
    further: {
      ...(places.image === "before, trained" ? { dImage: image } : {}),
      ...(places.text === "before, trained" ? { dText: text } : {}),
    },
  };
}

function prefixed<T>(prefix: string, values: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));
}
