import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import type { NegativeGenerator } from "../../core/negative_generator.ts";
import type { Random } from "../../core/random.ts";
import { parseCaption, type Relation } from "../clove/parse_caption.ts";
import { copyCase } from "../language/copy_case.ts";
import { nounPhrases } from "../language/noun_phrases.ts";
import type { TaggedToken } from "../language/tagger.ts";
import { winkTagger } from "../language/wink_tagger.ts";

/**
 * A caption that denies part of what it said, by rule, where CC-Neg (Singh et al., WACV 2025) has a
 * language model write it: of its relations one is drawn and denied, "with" by "without", any other by
 * "not" ("a dog not on a sofa", "a man is not riding a horse"); a caption without a relation denies
 * its first thing ("no red bus"). `null` where it names nothing, or denies something already.
 *
 * @throws {SettingsError} if an option is given.
 *
 * @example
 * ```ts
 * import { createRandom } from "@syntagma/syntagma";
 * import { negations } from "@syntagma/syntagma/con-clip";
 *
 * const [negated] = await negations().generate("A man with a hat", createRandom(1));
 * console.assert(negated === "A man without a hat");
 * ```
 */
export const negations: (options?: Record<never, never>) => NegativeGenerator = defineComponent({
  name: "negations",
  schema: z.strictObject({}),
  make: () => {
    const tagger = winkTagger();
    return {
      slots: 1,
      generate(caption: string, random: Random): Promise<readonly (string | null)[]> {
        const tokens = tagger.tag(caption);
        const denies = tokens.some(({ text }) => /^(no|not|n't|never|without)$/i.test(text));
        const { relations } = parseCaption(tokens);
        return Promise.resolve([
          denies
            ? null
            : relations.length > 0
            ? denyRelation(caption, tokens, random.pick(relations))
            : denyThing(caption, tokens),
        ]);
      },
    };
  },
});

function denyRelation(
  caption: string,
  tokens: readonly TaggedToken[],
  { kind, start, end }: Relation,
): string {
  const first = tokens[start]!;
  if (end - start === 1 && first.text.toLowerCase() === "with") {
    return put(caption, first.start, first.end, copyCase(first.text, "without"));
  }
  const at = kind === "auxiliary" ? tokens[end - 1]!.end : first.start;
  return put(caption, at, at, kind === "auxiliary" ? " not" : "not ");
}

function denyThing(caption: string, tokens: readonly TaggedToken[]): string | null {
  const [phrase] = nounPhrases(tokens);
  if (phrase === undefined) return null;
  const first = tokens[phrase.start]!;
  if (first.tag === "DET") return put(caption, first.start, first.end, copyCase(first.text, "no"));
  return put(caption, first.start, first.start, "no ");
}

function put(caption: string, start: number, end: number, text: string): string {
  return caption.slice(0, start) + text + caption.slice(end);
}
