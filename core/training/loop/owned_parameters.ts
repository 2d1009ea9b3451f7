import type { DualEncoder, ParameterSpec } from "../../model.ts";
import type { AnyObjective } from "../../objective.ts";

/** A loss's parameter under its name among all that are trained. */
export interface OwnedParameter extends ParameterSpec {
  readonly part: "loss";
  /** The name of the objective whose loss it is. */
  readonly objective: string;
  /** Its name in the loss. */
  readonly own: string;
  /** Whether it is trained with the model. */
  readonly trained: boolean;
}

/**
 * The parameters of an objective's loss.
 *
 * @throws {RangeError} if a shape has the width of a pooled text and the model does not give one.
 */
export function ownedParameters(
  { name: objective, loss }: Pick<AnyObjective, "name" | "loss">,
  { dim, text: { width } }: {
    readonly dim: number;
    readonly text: Pick<DualEncoder["text"], "width">;
  },
): readonly OwnedParameter[] {
  return Object.entries(loss.parameters ?? {}).map(([own, { shape, trained = true }]) => ({
    name: `loss.${objective}.${own}`,
    part: "loss",
    shape: shape.map((length) => {
      const found = length === "dim" ? dim : length === "width" ? width : length;
      if (found !== undefined) return found;
      throw new RangeError(
        `objectives.${objective}.loss: expected a model that tells the width of a pooled text, for ` +
          `the loss's parameter "${own}", found one that does not`,
      );
    }),
    objective,
    own,
    trained,
  }));
}
