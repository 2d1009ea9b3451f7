import { expect } from "expect";
import { nounPhrases, textBetween } from "../../../plugins/language/noun_phrases.ts";
import type { Tag } from "../../../plugins/language/tag.ts";
import { winkTagger } from "../../../plugins/language/wink_tagger.ts";

/** The phrases of `"the/DET dog/NOUN"` as texts, heads in capitals. */
function phrasesOf(marked: string): string[] {
  let start = 0;
  const tokens = marked.split(" ").map((item) => {
    const [text, tag] = item.split("/") as [string, Tag];
    const token = { text, tag, start, end: start + text.length };
    start = token.end + 1;
    return token;
  });
  return nounPhrases(tokens).map(({ start, end, head }) =>
    tokens.slice(start, end)
      .map(({ text }, i) => start + i === head ? text.toUpperCase() : text).join(" ")
  );
}

Deno.test("nounPhrases: determiner, adjectives, numbers and nouns, up to the last noun", () => {
  expect(phrasesOf("the/DET big/ADJ red/ADJ bus/NOUN on/ADP main/ADJ street/NOUN")).toEqual([
    "the big red BUS",
    "main STREET",
  ]);
  expect(phrasesOf("two/NUM birthday/NOUN cakes/NOUN")).toEqual(["two birthday CAKES"]);
  expect(phrasesOf("John/PROPN Smith/PROPN sits/VERB")).toEqual(["John SMITH"]);
});

Deno.test("nounPhrases: what no noun follows belongs to none", () => {
  expect(phrasesOf("the/DET dog/NOUN is/AUX big/ADJ")).toEqual(["the DOG"]);
  expect(phrasesOf("a/DET dog/NOUN brown/ADJ and/CCONJ cat/NOUN")).toEqual(["a DOG", "CAT"]);
  expect(phrasesOf("the/DET _,/PUNCT dog/NOUN")).toEqual(["DOG"]);
  expect(phrasesOf("runs/VERB fast/ADV")).toEqual([]);
});

Deno.test("nounPhrases: a determiner begins a phrase of its own", () => {
  expect(phrasesOf("give/VERB the/DET dog/NOUN a/DET bone/NOUN")).toEqual(["the DOG", "a BONE"]);
  expect(phrasesOf("all/DET the/DET dogs/NOUN")).toEqual(["the DOGS"]);
});

Deno.test("textBetween: the words as they stand in the sentence", () => {
  const sentence = "The  big dog, barking";
  const tokens = winkTagger().tag(sentence);
  expect(nounPhrases(tokens).map((phrase) => textBetween(sentence, tokens, phrase)))
    .toEqual(["The  big dog"]);
});
