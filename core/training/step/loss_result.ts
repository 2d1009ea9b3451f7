import { showShape } from "../../graph/node.ts";
import type { LossResult } from "../../loss.ts";
import type { AnyObjective } from "../../objective.ts";

/**
 * What a loss computes. Errors of its graph (shapes that do not go together, types) do not know where
 * they are: they begin with the loss's path in the recipe and its name.
 *
 * @throws {RangeError | TypeError} what `compute` throws, or if the total is no single number.
 */
export function lossResult(
  { name, loss }: Pick<AnyObjective, "name" | "loss">,
  compute: () => LossResult,
): LossResult {
  const where = `objectives.${name}.loss (${loss.name})`;
  let result: LossResult;
  try {
    result = compute();
  } catch (cause) {
    if (!(cause instanceof RangeError || cause instanceof TypeError)) throw cause;
    const Kind = cause instanceof RangeError ? RangeError : TypeError;
    throw new Kind(`${where}: ${cause.message}`, { cause });
  }
  const { shape } = result.total;
  if (shape.length === 0) return result;
  throw new RangeError(`${where}: expected a single number as total, found ${showShape(shape)}`);
}
