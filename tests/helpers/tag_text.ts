import type { Tag } from "../../plugins/language/tag.ts";
import type { TaggedToken } from "../../plugins/language/tagger.ts";

/** Tokens from words with their tags, `"a/DET dog/NOUN"`, as of the words with a space between them. */
export function tagText(text: string): readonly TaggedToken[] {
  let start = 0;
  return text.split(" ").map((pair) => {
    const at = pair.lastIndexOf("/");
    const word = pair.slice(0, at);
    const token = { text: word, tag: pair.slice(at + 1) as Tag, start, end: start + word.length };
    start += word.length + 1;
    return token;
  });
}
