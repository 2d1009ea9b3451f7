import type { LossState } from "../../loss.ts";

/** The shape of a loss's state where rows have so many texts in each group. */
export function stateShape(
  { shape }: LossState,
  groups: Readonly<Record<string, number>>,
): readonly number[] {
  return shape.map((length) => {
    const count = typeof length === "number" ? length : groups[length];
    if (count !== undefined) return count;
    throw new RangeError(
      `expected a number or a text group (${Object.keys(groups).join(", ")}) in the shape of a ` +
        `loss's state, found "${length}"`,
    );
  });
}
