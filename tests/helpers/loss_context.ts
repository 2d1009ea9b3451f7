import { constant } from "../../core/graph/node.ts";
import type { LossContext } from "../../core/loss.ts";

/** What a loss is given that asks for nothing beyond embeddings, of the parts that a test is about. */
export function lossContextOf<Group extends string>(
  parts:
    & Pick<LossContext<Group>, "image" | "text" | "present" | "identity" | "logitScale">
    & Partial<LossContext<Group>>,
): LossContext<Group> {
  return {
    images: {},
    extra: {},
    step: constant([0], []),
    epoch: constant([0], []),
    parameters: {},
    state: {},
    ...parts,
  };
}
