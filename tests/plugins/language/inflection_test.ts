import { expect } from "expect";
import fc from "fast-check";
import { copyCase } from "../../../plugins/language/copy_case.ts";
import { inflectLike } from "../../../plugins/language/inflection.ts";
import { mendArticle } from "../../../plugins/language/mend_article.ts";
import type { Tag } from "../../../plugins/language/tag.ts";
import { readWordNet } from "../../../plugins/language/wordnet.ts";

const wordnet = readWordNet();

/** The base form, the word whose place it takes, its tag, and what a grammar book gives. */
type Case = readonly [string, string, Tag, string];

const nouns: readonly Case[] = [
  ["cat", "dogs", "NOUN", "cats"],
  ["cat", "dog", "NOUN", "cat"],
  ["goose", "dogs", "NOUN", "geese"],
  ["knife", "geese", "NOUN", "knives"],
  ["child", "people", "NOUN", "children"],
  ["fireman", "children", "NOUN", "firemen"],
  ["human", "children", "NOUN", "humans"],
  ["fish", "dogs", "NOUN", "fish"],
  ["box", "sofas", "NOUN", "boxes"],
  ["hot_dog", "pizzas", "NOUN", "hot dogs"],
  ["man_of_letters", "artists", "NOUN", "men of letters"],
  ["truck", "bus", "NOUN", "truck"],
  ["cup", "glass", "NOUN", "cup"],
  ["golf", "tennis", "NOUN", "golf"],
  ["paris", "London", "PROPN", "Paris"],
];

const verbs: readonly Case[] = [
  ["run", "sits", "VERB", "runs"],
  ["carry", "holds", "VERB", "carries"],
  ["run", "sitting", "VERB", "running"],
  ["lie", "riding", "VERB", "lying"],
  ["panic", "riding", "VERB", "panicking"],
  ["hold", "ride", "VERB", "hold"],
  ["eat", "rode", "VERB", "ate"],
  ["eat", "ridden", "VERB", "eaten"],
  ["walk", "ate", "VERB", "walked"],
  // Past tense and participle are alike: the participle.
  ["eat", "covered", "VERB", "eaten"],
  ["run", "covered", "VERB", "run"],
  ["pet", "covered", "VERB", "petted"],
  ["run_away", "sitting", "VERB", "running away"],
  // "sing" is no form of a verb "s".
  ["dance", "sing", "VERB", "dance"],
];

const adjectives: readonly Case[] = [
  ["red", "bigger", "ADJ", "redder"],
  ["happy", "biggest", "ADJ", "happiest"],
  ["good", "bigger", "ADJ", "better"],
  ["colorful", "bigger", "ADJ", "more colorful"],
  ["beautiful", "happiest", "ADJ", "most beautiful"],
  ["much", "bigger", "ADJ", "more"],
  ["slowly", "quickly", "ADV", "slowly"],
  // Tags without forms.
  ["cat", "dogs", "X", "cat"],
];

Deno.test("inflectLike: gives a base form the original's form", () => {
  const cases = [...nouns, ...verbs, ...adjectives];
  const inflected = cases.map(([base, original, tag]) => inflectLike(base, original, tag, wordnet));
  expect(inflected).toEqual(cases.map(([, , , expected]) => expected));
});

Deno.test("inflectLike: without a dictionary the letters tell the form", () => {
  const cases = [...nouns, ...verbs, ...adjectives];
  const inflected = cases.map(([base, original, tag]) => inflectLike(base, original, tag));
  expect(inflected).toEqual(cases.map(([, , , expected]) => expected));
});

Deno.test("inflectLike: a dictionary knows which words only look inflected", () => {
  expect(inflectLike("liquid", "gas", "NOUN", wordnet)).toBe("liquid");
  expect(inflectLike("red", "clever", "ADJ", wordnet)).toBe("red");
});

Deno.test("copyCase: lower, title and upper case", () => {
  expect(copyCase("dog", "cat")).toBe("cat");
  expect(copyCase("Dog", "hot dog")).toBe("Hot Dog");
  expect(copyCase("DOG", "hot dog")).toBe("HOT DOG");
  // One capital letter is a title's.
  expect(copyCase("A", "the")).toBe("The");
  // A name keeps its capital in the middle of a sentence.
  expect(copyCase("dog", "Scotch terrier")).toBe("Scotch terrier");
  expect(copyCase("3", "three")).toBe("three");
});

Deno.test("inflectLike: keeps number, verb form and casing of any word in any other's place", () => {
  const noun = fc.constantFrom("dog", "bus", "city", "knife", "woman", "couch", "boy", "photo");
  const verb = fc.constantFrom("walk", "ride", "stop", "carry", "eat", "throw", "play", "jump");
  const casing = fc.constantFrom(
    (word: string) => word,
    (word: string) => word.charAt(0).toUpperCase() + word.slice(1),
    (word: string) => word.toUpperCase(),
  );
  const forms = ["dogs", "walks", "walking"] as const;
  fc.assert(fc.property(noun, noun, verb, verb, casing, (a, b, v, w, cased) => {
    const plural = inflectLike(a, "dogs", "NOUN", wordnet);
    // Put into the place of a plural, then of a singular: it comes back as it was.
    expect(inflectLike(b, cased(plural), "NOUN", wordnet))
      .toBe(cased(inflectLike(b, "dogs", "NOUN", wordnet)));
    expect(wordnet.lemma(plural, "n")).toBe(a);
    expect(inflectLike(b, cased(a), "NOUN", wordnet)).toBe(cased(b));
    for (const form of forms.slice(1)) {
      const inflected = inflectLike(v, form, "VERB", wordnet);
      expect(wordnet.lemma(inflected, "v")).toBe(v);
      expect(inflectLike(w, cased(inflected), "VERB", wordnet))
        .toBe(cased(inflectLike(w, form, "VERB", wordnet)));
    }
  }));
});

Deno.test("mendArticle: the article before the word fits its sound", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["a owl flies", "owl", "an owl flies"],
    ["an dog barks", "dog", "a dog barks"],
    ["A orange cat", "orange", "An orange cat"],
    ["on a hour", "hour", "on an hour"],
    ["an unicorn", "unicorn", "a unicorn"],
    ["a uninteresting book", "uninteresting", "an uninteresting book"],
    ["an used car", "used", "a used car"],
    ["an European city", "European", "a European city"],
    ["an one-way street", "one-way", "a one-way street"],
    ["a  umbrella", "umbrella", "an  umbrella"],
    // Nothing to mend.
    ["an owl flies", "owl", "an owl flies"],
    ["the owl flies", "owl", "the owl flies"],
    ["a big owl", "owl", "a big owl"],
    ["pizza owl", "owl", "pizza owl"],
    ["owl", "owl", "owl"],
  ];
  expect(cases.map(([sentence, word]) => mendArticle(sentence, sentence.indexOf(word))))
    .toEqual(cases.map(([, , mended]) => mended));
});
