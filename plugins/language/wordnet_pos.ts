import type { WordNetPos } from "./synset.ts";
import type { Tag } from "./tag.ts";

const POS: Readonly<Partial<Record<Tag, WordNetPos>>> = {
  NOUN: "n",
  PROPN: "n",
  PRON: "n",
  VERB: "v",
  ADJ: "a",
  ADV: "r",
};

/** WordNet's part of speech for a tagger's, as CLoVe maps them; it has no words of the others. */
export function wordNetPos(tag: Tag): WordNetPos | undefined {
  return POS[tag];
}
