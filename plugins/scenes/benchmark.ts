import { z } from "zod";
import { checkOptions, type JsonObject } from "../../core/component.ts";
import type { Encoder, Evaluation, Evaluator } from "../../core/evaluator.ts";

/** What can be chosen of a benchmark on scenes. */
export interface ScenesBenchmarkOptions {
  /** How many items: of each category, where there are several. */
  readonly items: number;
  /** Another seed, other items. Scenes of data sets are others, whatever their seed. */
  readonly seed: number;
  /**
   * Pixels of the shorter side of a picture. Default 48: at 32, patterns are lost when CLIC sets two
   * pictures into one.
   */
  readonly size?: number;
}

/** How a benchmark scores an encoder. */
type Evaluate = (
  encoder: Encoder,
  options: Required<ScenesBenchmarkOptions>,
) => Promise<readonly Evaluation[]>;

/**
 * A benchmark on scenes as a component.
 *
 * @param most The most items that it can be asked for.
 * @throws {RangeError} if an option is unknown or out of range.
 */
export function createBenchmark(
  name: string,
  most: number,
  options: unknown,
  evaluate: Evaluate,
): Evaluator {
  const schema = z.strictObject({
    items: z.int().min(1).max(most),
    seed: z.int(),
    size: z.int().min(8).max(1024).default(48),
  });
  const checked = checkOptions(name, schema, options);
  return {
    name,
    options: checked,
    with: (changes: JsonObject) =>
      createBenchmark(name, most, { ...checked, ...changes }, evaluate),
    evaluate: (encoder) => evaluate(encoder, checked),
  };
}
