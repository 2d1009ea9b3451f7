/**
 * A loss as a graph over raw embeddings.
 *
 * @module
 */
import { reshape, sum } from "../../graph/linear.ts";
import { exp, square } from "../../graph/elementwise.ts";
import { input } from "../../graph/node.ts";
import { l2Normalize } from "../../graph/composite.ts";
import { slice } from "../../graph/shape.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { LossResult } from "../../loss.ts";
import type { Objective } from "../../objective.ts";
import { stateShape } from "../loop/state.ts";

/** The shape of a batch's texts. */
export interface GroupShape {
  readonly name: string;
  /** Texts a row. */
  readonly count: number;
}

/** A loss and the inputs that its graph has beside the embeddings. */
export interface LossGraph extends LossResult {
  /** `present:<group>`, `identity:picture`, `identity:text:<group>` and `state:<name>`. */
  readonly inputs: readonly Tensor[];
  /**
   * `[batch]` and `[rows]`: the squared length of every row that the loss is given, 1 but for what
   * rounding leaves. One that has no direction shows here, whatever the loss makes of it.
   */
  readonly lengths: { readonly image: Tensor; readonly text: Tensor };
}

/**
 * Builds an objective's loss.
 *
 * @param image `[batch, dim]`, not normalised.
 * @param text `[rows, dim]`, not normalised: the groups one after another, each row by row.
 * @param logScale The logarithm of the logit scale.
 */
export function lossGraph(
  { loss, composer }: Objective,
  groups: readonly GroupShape[],
  { image, text, logScale }: { image: Tensor; text: Tensor; logScale: Tensor },
): LossGraph {
  const [batch, dim] = image.shape as readonly [number, number];
  const [unitImage, unitText] = [l2Normalize(image), l2Normalize(text)];
  const lengthOf = (unit: Tensor) => sum(square(unit), [1]);
  const texts: Record<string, Tensor> = {};
  const present: Record<string, Tensor> = {};
  const same: Record<string, Tensor> = {};
  const state: Record<string, Tensor> = {};
  let start = 0;
  for (const { name, count } of groups) {
    const end = start + batch * count;
    texts[name] = reshape(slice(unitText, { axis: 0, start, end }), [batch, count, dim]);
    present[name] = input(`present:${name}`, "float32", [batch, count]);
    same[name] = input(`identity:text:${name}`, "float32", [batch, count]);
    start = end;
  }
  for (const [name, each] of Object.entries(loss.state ?? {})) {
    state[name] = input(`state:${name}`, "float32", stateShape(each, composer.groups));
  }
  const picture = input("identity:picture", "float32", [batch]);
  const result = loss.compute({
    image: unitImage,
    text: texts,
    present,
    identity: { picture, text: same },
    logitScale: exp(logScale),
    state,
  });
  return {
    ...result,
    inputs: [...Object.values(present), picture, ...Object.values(same), ...Object.values(state)],
    lengths: { image: lengthOf(unitImage), text: lengthOf(unitText) },
  };
}
