import type { Tag } from "../language/tag.ts";
import type { TaggedToken, Tagger } from "../language/tagger.ts";
import { BACKGROUNDS, COLOURS, PATTERNS, SHAPES, SIZES, WORDS } from "./vocabulary.ts";

const tagOf = new Map<string, Tag>([
  ...SHAPES.flatMap((shape) => WORDS[shape]).map((word) => [word, "NOUN"] as const),
  ...[...COLOURS, ...SIZES, ...PATTERNS, ...BACKGROUNDS]
    .flatMap((concept) => WORDS[concept]).map((word) => [word, "ADJ"] as const),
  ...["a", "the"].map((word) => [word, "DET"] as const),
  ...["there", "you"].map((word) => [word, "PRON"] as const),
  ...["is", "can"].map((word) => [word, "AUX"] as const),
  ...["see", "shows", "contains"].map((word) => [word, "VERB"] as const),
  ...["picture", "image", "background", "left", "right", "front"]
    .map((word) => [word, "NOUN"] as const),
  ...["to", "on", "of", "above", "over", "below", "under", "than", "in", "against", "with"]
    .map((word) => [word, "ADP"] as const),
  ...["higher", "lower", "together"].map((word) => [word, "ADV"] as const),
  ["and", "CCONJ"],
]);

/**
 * A tagger of the embedded world's own words, by their meaning there: it needs no model and errs
 * nowhere. A word that is not of the world is `X`, a mark `PUNCT`.
 *
 * @example
 * ```ts
 * import { sceneTagger } from "./scene_tagger.ts";
 *
 * const tags = sceneTagger().tag("a red star.").map(({ tag }) => tag);
 * console.assert(tags.join() === "DET,ADJ,NOUN,PUNCT");
 * ```
 */
export function sceneTagger(): Tagger {
  return {
    name: "scenes",
    tag: (sentence) =>
      Array.from(
        sentence.matchAll(/[\p{Letter}\p{Number}]+|[^\s]/gu),
        ({ 0: text, index }): TaggedToken => ({
          ...{ text, start: index, end: index + text.length },
          tag: tagOf.get(text.toLowerCase()) ??
            (/[\p{Letter}\p{Number}]/u.test(text) ? "X" : "PUNCT"),
        }),
      ),
  };
}
