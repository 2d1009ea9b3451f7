import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import type { NegativeGenerator } from "../../core/negative_generator.ts";
import type { Random } from "../../core/random.ts";
import type { TaggedToken } from "../language/tagger.ts";
import { winkTagger } from "../language/wink_tagger.ts";

/** Shuffles before a caption is left without a negative (`MAX_SHUFFLE_RETRY` of the authors' code). */
const TRIES = 10;

/**
 * The caption's words in pairs, the pairs in another order, as FSC-CLIP has them: a mark at the end
 * that no pair takes in is put behind one of the pairs or in front of them. `null` where there is one
 * pair, or no order was found that is another one. Their code takes a caption whose mark alone has
 * moved for a negative; here its words must stand in another order.
 *
 * @throws {SettingsError} if an option is given.
 */
export const shuffleBigrams: (options?: Record<never, never>) => NegativeGenerator =
  defineComponent({
    name: "shuffleBigrams",
    schema: z.strictObject({}),
    make: () => {
      const tagger = winkTagger();
      return {
        slots: 1,
        generate(caption: string, random: Random): Promise<readonly (string | null)[]> {
          const tokens = tagger.tag(caption);
          for (let tried = 0; tried <= TRIES; tried++) {
            const shuffled = shuffle(tokens, random);
            if (shuffled === undefined) break;
            if (wordsOf(shuffled) !== wordsOf(tokens)) {
              return Promise.resolve([shuffled.map(joined(caption)).join("").trim()]);
            }
          }
          return Promise.resolve([null]);
        },
      };
    },
  });

/** The tokens pair by pair in another order, or none where there is nothing to change. */
function shuffle(
  tokens: readonly TaggedToken[],
  random: Random,
): readonly TaggedToken[] | undefined {
  const pairs: TaggedToken[][] = [];
  for (let i = 0; i < tokens.length; i += 2) pairs.push(tokens.slice(i, i + 2));
  const last = pairs.at(-1);
  const mark = last?.length === 1 && last[0]!.tag === "PUNCT" ? last[0] : undefined;
  const movable = mark === undefined ? pairs : pairs.slice(0, -1);
  if (movable.length < 2) return undefined;
  const order = random.shuffle(movable);
  if (mark === undefined) return order.flat();
  const at = random.integer(order.length + 1);
  return [...order.slice(0, at).flat(), mark, ...order.slice(at).flat()];
}

/** A token with the space in front of it: none before marks, nor in a contraction. */
function joined(caption: string) {
  return ({ text, tag, start }: TaggedToken): string => {
    const touches = start > 0 && !/\s/.test(caption[start - 1]!);
    return tag === "PUNCT" || (touches && tag === "PART") ? text : ` ${text}`;
  };
}

/** The words in their order, without marks. */
function wordsOf(tokens: readonly TaggedToken[]): string {
  return tokens.filter(({ tag }) => tag !== "PUNCT")
    .map(({ text }) => text.toLowerCase()).join(" ");
}
