import model from "wink-eng-lite-web-model";
import winkNLP, { type WinkMethods } from "wink-nlp";
import { z } from "zod";
import { checkOptions } from "../../core/check_options.ts";
import { type Tag, TAGS } from "./tag.ts";
import type { TaggedToken, Tagger } from "./tagger.ts";

const schema = z.strictObject({ cache: z.int().min(0).default(20_000) });

const known: ReadonlySet<string> = new Set(TAGS);

/**
 * A tagger on winkNLP and its small English model, which is loaded once for all taggers, at the
 * first sentence.
 *
 * wink's tag for line breaks and tabs is no part of speech: such tokens are left out, as all white
 * space is.
 *
 * @param options.cache How many sentences' tokens are kept, the least recently used dropped first.
 *   Default 20,000.
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { winkTagger } from "@syntagma/syntagma/language";
 *
 * const tokens = winkTagger().tag("a man's dog");
 * console.assert(tokens.map(({ text }) => text).join("|") === "a|man|'s|dog");
 * console.assert(tokens[1]?.tag === "NOUN");
 * ```
 */
export function winkTagger(options: { readonly cache?: number } = {}): Tagger {
  const { cache } = checkOptions("winkTagger", schema, options);
  const kept = new Map<string, readonly TaggedToken[]>();

  const analyse = (sentence: string): readonly TaggedToken[] => {
    const nlp = loaded();
    const tokens = nlp.readDoc(sentence).tokens();
    const texts: string[] = tokens.out(nlp.its.value);
    const tags: string[] = tokens.out(nlp.its.pos);
    const result: TaggedToken[] = [];
    let end = 0;
    for (const [i, text] of texts.entries()) {
      // Only white space lies between two tokens and no token begins with it, so the first match
      // from the last token's end is this token.
      const start = sentence.indexOf(text, end);
      end = start + text.length;
      if (isTag(tags[i])) result.push({ text, tag: tags[i], start, end });
    }
    return result;
  };

  return {
    name: "wink",
    tag(sentence: string): readonly TaggedToken[] {
      const tokens = kept.get(sentence) ?? analyse(sentence);
      // A Map iterates in order of insertion: putting a sentence back makes it the youngest.
      kept.delete(sentence);
      kept.set(sentence, tokens);
      if (kept.size > cache) kept.delete(kept.keys().next().value!);
      return tokens;
    },
  };
}

// The model holds nothing of the sentences it has seen, and a second copy costs a second load.
let nlp: WinkMethods | undefined;
const loaded = (): WinkMethods => nlp ??= winkNLP(model, ["pos"]);

function isTag(tag: string | undefined): tag is Tag {
  return tag !== undefined && known.has(tag);
}
