import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
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
 * A factory of benchmarks on scenes.
 *
 * @param most The most items that it can be asked for.
 */
export function defineScenesBenchmark(
  name: string,
  most: number,
  evaluate: Evaluate,
): (options: ScenesBenchmarkOptions) => Evaluator {
  return defineComponent({
    name,
    schema: z.strictObject({
      items: z.int().min(1).max(most),
      seed: z.int(),
      size: z.int().min(8).max(1024).default(48),
    }),
    make: (options) => ({ evaluate: (encoder: Encoder) => evaluate(encoder, options) }),
  });
}
