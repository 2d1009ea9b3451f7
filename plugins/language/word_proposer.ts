import type { Component } from "../../core/component.ts";
import type { PrepareContext } from "../../core/prepare_context.ts";
import type { Random } from "../../core/random.ts";
import type { TaggedToken } from "./tagger.ts";

/** Finds other words for a word of a sentence, with which the sentence says something else. */
export interface WordProposer extends Component {
  /** The proposer made ready: files and models that it needs are opened here, once for a run. */
  prepare?(context: Pick<PrepareContext, "assets" | "log">): Promise<WordProposer>;
  /**
   * Other words for token `index` of the sentence, best first; none where there are none. Not the
   * word itself, nor a synonym of it, unless the proposer is asked not to leave those out.
   *
   * @returns `word` in the form and casing of the word whose place it is to take, and `weight`, how
   *   likely it is to be drawn, above 0; weights need not sum to 1.
   */
  propose(
    sentence: string,
    tokens: readonly TaggedToken[],
    index: number,
    random: Random,
  ): Promise<readonly { readonly word: string; readonly weight: number }[]>;
}

/** A word that could stand in another's place. */
export type Proposal = Awaited<ReturnType<WordProposer["propose"]>>[number];

/** Whether a value has the members of a {@linkcode WordProposer}. */
export function isWordProposer(value: unknown): value is WordProposer {
  return typeof value === "object" && value !== null && "propose" in value &&
    typeof value.propose === "function" && "with" in value;
}
