import type { Component } from "./component.ts";
import type { PrepareContext } from "./prepare_context.ts";
import type { Random } from "./random.ts";

/**
 * Makes hard negatives of captions: texts that say almost the same and are not true of the picture.
 * The methods differ in how they make them; composers and recipes take any of them.
 */
export interface NegativeGenerator extends Component {
  /** How many negatives a caption gets at most; each slot is one kind of change. */
  readonly slots: number;
  /** The generator made ready: files and models that it needs are opened here, once for a run. */
  prepare?(
    context: Pick<PrepareContext, "assets" | "data" | "log" | "rehearsal">,
  ): Promise<NegativeGenerator>;
  /**
   * The negatives of a caption, one for each slot, `null` where the slot's change cannot be made.
   * The same caption and the same generator of random numbers always give the same negatives.
   */
  generate(caption: string, random: Random): Promise<readonly (string | null)[]>;
}

/** Whether a value has the members of a {@linkcode NegativeGenerator}. */
export function isNegativeGenerator(value: unknown): value is NegativeGenerator {
  return typeof value === "object" && value !== null && "slots" in value &&
    "generate" in value && typeof value.generate === "function" && "with" in value;
}
