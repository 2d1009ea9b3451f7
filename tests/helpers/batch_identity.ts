import { constant } from "../../core/graph/node.ts";
import type { LossContext } from "../../core/loss.ts";

/** The identity of rows of which each has a picture of its own, and texts that no other has. */
export function allDifferent<Group extends string>(
  batch: number,
  counts: Readonly<Record<Group, number>>,
): LossContext<Group>["identity"] {
  let next = 0;
  const numbers = (count: number) => Array.from({ length: count }, () => next++);
  return {
    picture: constant(numbers(batch), [batch]),
    text: Object.fromEntries(
      Object.entries<number>(counts).map(([name, count]) => [
        name,
        constant(numbers(batch * count), [batch, count]),
      ]),
    ) as LossContext<Group>["identity"]["text"],
  };
}
