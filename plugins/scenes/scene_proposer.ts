import type { JsonObject } from "../../core/component.ts";
import { defineComponent } from "../../core/define_component.ts";
import type { Proposal, WordProposer } from "../language/word_proposer.ts";
import type { TaggedToken } from "../language/tagger.ts";
import { z } from "zod";
import {
  BACKGROUNDS,
  COLOURS,
  type Concept,
  PATTERNS,
  SHAPES,
  SIZES,
  WORDS,
} from "./vocabulary.ts";

const schema = z.strictObject({});

/** What can stand in each other's place. */
const KINDS: readonly (readonly Concept[])[] = [SHAPES, COLOURS, SIZES, PATTERNS, BACKGROUNDS];

/** Words of places and relations that can stand in each other's place. */
const DIRECTIONS: readonly (readonly string[])[] = [
  ["left", "right"],
  ["above", "below"],
  ["over", "under"],
  ["higher", "lower"],
  ["top", "bottom"],
];

/**
 * Proposes other words of the embedded world: another shape for a shape, another colour for a
 * colour, the opposite of a direction. The tiny CLIP knows no others, so that what WordNet or a
 * language model proposes would show itself by being unknown. All have the same weight.
 *
 * @throws {RangeError} if an option is given: there is none.
 *
 * @example
 * ```ts
 * import { createRandom } from "@syntagma/syntagma";
 * import { winkTagger } from "@syntagma/syntagma/language";
 * import { sceneProposer } from "@syntagma/syntagma/scenes";
 *
 * const sentence = "a big star";
 * const tokens = winkTagger().tag(sentence);
 * const proposals = await sceneProposer().propose(sentence, tokens, 1, createRandom(1));
 * console.assert(proposals.map(({ word }) => word).join() === "small");
 * ```
 */
export const sceneProposer: (options?: JsonObject) => WordProposer = defineComponent({
  name: "sceneProposer",
  schema,
  make: () => ({
    propose: (
      _sentence: string,
      tokens: readonly TaggedToken[],
      index: number,
    ): Promise<readonly Proposal[]> =>
      Promise.resolve((PROPOSALS.get(tokens[index]!.text.toLowerCase()) ?? []).map((word) => ({
        word,
        weight: 1,
      }))),
  }),
});

const PROPOSALS: ReadonlyMap<string, readonly string[]> = new Map([
  ...KINDS.flatMap((kind) =>
    kind.flatMap((concept) => {
      const others = kind.filter((other) => other !== concept).map((other) => WORDS[other][0]!);
      return WORDS[concept].map((word) => [word, others] as const);
    })
  ),
  ...DIRECTIONS.flatMap((pair) =>
    pair.map((word) => [word, pair.filter((it) => it !== word)] as const)
  ),
]);
