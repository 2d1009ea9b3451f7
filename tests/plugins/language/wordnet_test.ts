import type { Synset, WordNetPos } from "../../../plugins/language/synset.ts";
import { expect } from "expect";
import fc from "fast-check";
import { readWordNet } from "../../../plugins/language/wordnet.ts";

const wordnet = readWordNet();

Deno.test("readWordNet: a synset is its line of the file", () => {
  // data.noun: "02086723 05 n 03 dog 0 domestic_dog 0 Canis_familiaris 0 023 @ 02085998 n 0000 …
  // #m 02086515 n 0000 …"; index.sense: "dog%1:05:00:: 02086723 1 42".
  const dog = wordnet.synsets("dog", "n")[0]!;
  expect(dog).toMatchObject({
    id: "n02086723",
    pos: "n",
    lemmas: ["dog", "domestic_dog", "Canis_familiaris"],
    counts: [42, 0, 0],
  });
  expect(dog.pointers).toHaveLength(23);
  expect(dog.pointers[0]).toEqual({
    symbol: "@",
    target: "n02085998",
    lemma: undefined,
    targetLemma: undefined,
  });
  expect(wordnet.synset("n02086723")).toBe(dog);
});

Deno.test("readWordNet: meanings come in the order of the index", () => {
  // index.noun: "dog n 7 5 @ ~ #m #p %p 7 1 02086723 10133978 10042764 09905672 07692347 03907626
  // 02712903".
  expect(wordnet.synsets("dog", "n").map(({ id }) => id)).toEqual([
    "n02086723",
    "n10133978",
    "n10042764",
    "n09905672",
    "n07692347",
    "n03907626",
    "n02712903",
  ]);
  // "dog v 1 …"; no adjective.
  expect(wordnet.synsets("dog", "v")).toHaveLength(1);
  expect(wordnet.synsets("dog", "a")).toEqual([]);
  expect(wordnet.synsets("DOG", "n")).toEqual(wordnet.synsets("dog", "n"));
  // A beginning of an entry is none.
  expect(wordnet.synsets("domestic_do", "n")).toEqual([]);
  expect(wordnet.synsets("domestic dog", "n")).toEqual([wordnet.synset("n02086723")]);
});

Deno.test("readWordNet: satellites are adjectives, and their counts and markers are read", () => {
  // index.sense: "red%5:00:01:chromatic:00 00382159 1 43", "crimson%5:00:00:chromatic:00 00382159
  // 1 7"; data.adj has "galore(ip)".
  const crimson = wordnet.synset("a00382159");
  const countOf = (lemma: string) => crimson.counts[crimson.lemmas.indexOf(lemma)];
  expect([crimson.pos, countOf("red"), countOf("crimson")]).toEqual(["a", 43, 7]);
  expect(wordnet.synsets("galore", "a")[0]!.lemmas).toContain("galore");
});

Deno.test("lemma: exceptions, rules of detachment, and words that are their own base form", () => {
  const cases: readonly (readonly [string, WordNetPos, string | undefined])[] = [
    ["dogs", "n", "dog"],
    ["geese", "n", "goose"],
    ["firemen", "n", "fireman"],
    ["berries", "n", "berry"],
    ["boxes", "n", "box"],
    ["Hot dogs", "n", "hot_dog"],
    ["glass", "n", "glass"],
    ["glasses", "n", "glasses"],
    ["went", "v", "go"],
    ["riding", "v", "ride"],
    ["hopped", "v", "hop"],
    ["carries", "v", "carry"],
    ["redder", "a", "red"],
    // WordNet has "bigger" as a word of its own.
    ["bigger", "a", "bigger"],
    ["nicest", "a", "nice"],
    ["better", "r", "better"],
    ["qwerties", "n", undefined],
    ["sky-diving", "a", undefined],
  ];
  expect(cases.map(([word, pos]) => [word, pos, wordnet.lemma(word, pos)])).toEqual(cases);
  expect(wordnet.lemmas("glasses", "n")).toEqual(["glasses", "glass"]);
  expect(wordnet.lemmas("bigger", "a")).toEqual(["bigger", "big"]);
  // "as" is a noun, the arsenic, but no base form of "ass".
  expect(wordnet.lemmas("ass", "n")).toEqual(["ass"]);
});

Deno.test("antonyms: words of opposite meaning, counts of their meanings summed", () => {
  // index.sense: "cold%3:00:01:: … 35" against hot's first meaning and "cold%3:00:02:: … 13" against
  // its second.
  expect(wordnet.antonyms("hot", "a")).toEqual([{ lemma: "cold", count: 48 }]);
  expect(wordnet.antonyms("open", "v").map(({ lemma }) => lemma)).toEqual(["close"]);
  // "large" is the antonym of "small", not of the other words of its meaning.
  expect(wordnet.antonyms("little", "a").map(({ lemma }) => lemma)).not.toContain("large");
  expect(wordnet.antonyms("couch", "n")).toEqual([]);
});

Deno.test("hypernyms: classes, not those that something is an instance of", () => {
  const [dog] = wordnet.synsets("dog", "n");
  expect(wordnet.hypernyms(dog!).map(({ lemmas }) => lemmas[0])).toEqual([
    "canine",
    "domestic_animal",
  ]);
  // data.noun has Paris as an instance ("@i") of a national capital.
  expect(wordnet.hypernyms(wordnet.synsets("paris", "n")[0]!)).toEqual([]);
});

Deno.test("derivations: related words of all parts of speech, each once", () => {
  expect(wordnet.derivations("red", "a")).toEqual([
    { lemma: "red", pos: "n" },
    { lemma: "redness", pos: "n" },
  ]);
});

Deno.test("synonyms: the words of all meanings", () => {
  // data.noun: "couch 0 sofa 0 lounge", "frame 0 couch", "couch" alone.
  expect(wordnet.synonyms("couch", "n")).toEqual(new Set(["couch", "sofa", "lounge"]));
  expect(wordnet.synonyms("qwerty", "v")).toEqual(new Set());
});

Deno.test("synset: refuses what is no id", () => {
  for (const id of ["n02086724", "n99999999", "x02086723", "dog", ""]) {
    expect(() => readWordNet().synset(id)).toThrow(RangeError);
  }
});

Deno.test("readWordNet: hyponyms are the inverse of hypernyms, and every word finds its synset", () => {
  // Steps to a random hyponym, from the root of the nouns.
  const root = wordnet.synsets("entity", "n")[0]!;
  fc.assert(fc.property(fc.array(fc.nat(), { maxLength: 12 }), (steps) => {
    let synset: Synset = root;
    for (const step of steps) {
      const below = wordnet.hyponyms(synset);
      if (below.length === 0) break;
      const next = below[step % below.length]!;
      expect(wordnet.hypernyms(next)).toContain(synset);
      synset = next;
    }
    expect(synset.counts).toHaveLength(synset.lemmas.length);
    for (const lemma of synset.lemmas) {
      expect(wordnet.synsets(lemma, "n")).toContain(synset);
      expect(wordnet.lemmas(lemma, "n")).toContain(lemma.toLowerCase());
    }
  }));
});
