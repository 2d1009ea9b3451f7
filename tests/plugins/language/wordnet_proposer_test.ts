import type { WordNetPos } from "../../../plugins/language/synset.ts";
import { expect } from "expect";
import fc from "fast-check";
import { createRandom } from "../../../core/random.ts";
import type { Tag } from "../../../plugins/language/tag.ts";
import { winkTagger } from "../../../plugins/language/wink_tagger.ts";
import { readWordNet } from "../../../plugins/language/wordnet.ts";
import { wordnet, type WordnetOptions } from "../../../plugins/language/wordnet_proposer.ts";
import { wordNetCandidates } from "../../../plugins/language/wordnet_candidates.ts";
import sample from "../../data/captions_sample.json" with { type: "json" };
import golden from "../../golden/language/wordnet_candidates.json" with { type: "json" };

const dictionary = readWordNet();
const tagger = winkTagger();
const proposer = wordnet();

async function proposals(text: string, tag: Tag, options: WordnetOptions = {}) {
  const chosen = Object.keys(options).length === 0 ? proposer : proposer.with({ ...options });
  const token = { text, tag, start: 0, end: text.length };
  return await chosen.propose(text, [token], 0, createRandom(0));
}

Deno.test("wordNetCandidates: are those of CLoVe's rule in NLTK, with their weights", () => {
  for (const row of golden) {
    for (const reach of ["grandparent", "parent"] as const) {
      const found = wordNetCandidates(dictionary, row.word, row.pos as WordNetPos, {
        reach,
        counts: true,
        senses: null,
      });
      const heaviest = Object.entries<number>(row[reach].heaviest);
      expect({
        word: row.word,
        count: found.size,
        sum: found.values().reduce((sum, weight) => sum + weight, 0),
        heaviest: heaviest.map(([word]) => [word, found.get(word)]),
      }).toEqual({
        word: row.word,
        count: row[reach].count,
        sum: row[reach].sum,
        heaviest,
      });
    }
  }
});

Deno.test("wordnet: antonyms of an adverb, which has no relatives", async () => {
  // "quickly" has two meanings with an antonym each, "slowly"; index.sense: "slowly%4:02:00:: …".
  const words = await proposals("Quickly", "ADV");
  expect(words.map(({ word }) => word)).toEqual(["Slowly"]);
});

Deno.test("wordnet: proposes in the form of the word, the heaviest first", async () => {
  const dogs = await proposals("dogs", "NOUN");
  const words = dogs.map(({ word }) => word);
  expect(words).toContain("wolves");
  expect(words).toContain("foxes");
  expect(words).not.toContain("wolf");
  const weights = dogs.map(({ weight }) => weight);
  expect(weights).toEqual(weights.toSorted((a, b) => b - a));
  expect(Math.min(...weights)).toBeGreaterThan(0);
  const riding = (await proposals("Riding", "VERB")).map(({ word }) => word);
  expect(riding).toContain("Walking");
  const red = (await proposals("red", "ADJ")).map(({ word }) => word);
  expect(red).toContain("blue");
  expect(red).not.toContain("scarlet");
});

Deno.test("wordnet: other tags and words that WordNet does not know get no proposals", async () => {
  for (const tag of ["ADP", "DET", "NUM", "AUX", "PUNCT"] as const) {
    expect(await proposals("dog", tag)).toEqual([]);
  }
  expect(await proposals("qwerty", "VERB")).toEqual([]);
  expect(await proposer.propose("dog", tagger.tag("dog"), 1, createRandom(0))).toEqual([]);
});

Deno.test("wordnet: options", async () => {
  const all = await proposals("couch", "NOUN");
  const two = await proposals("couch", "NOUN", { maximum: 2 });
  expect(two).toEqual(all.slice(0, 2));
  expect(new Set((await proposals("couch", "NOUN", { counts: false })).map(({ word }) => word)))
    .toEqual(new Set(all.map(({ word }) => word)));
  // A pronoun is looked up as a noun: "it" is information technology.
  expect(await proposals("it", "PRON")).not.toEqual([]);
  expect(await proposals("it", "PRON", { pronouns: false })).toEqual([]);
  // A sofa is a seat, the couch's second and third meanings are a coat of paint and a bed.
  const first = (await proposals("couch", "NOUN", { senses: 1, reach: "parent" }))
    .map(({ word }) => word);
  expect(first).toContain("chair");
  expect(first).not.toContain("bunk");
  expect(wordnet({ maximum: 3 }).options).toEqual({
    reach: "grandparent",
    counts: true,
    senses: null,
    pronouns: true,
    maximum: 3,
    cache: 2000,
  });
  expect(() => wordnet(JSON.parse('{"maximun": 1}'))).toThrow('did you mean "maximum"?');
  expect(() => wordnet({ maximum: 0 })).toThrow(RangeError);
});

Deno.test("wordnet: remembered proposals are the same as new ones", async () => {
  const forgetful = proposer.with({ cache: 0 });
  const ask = (from: typeof proposer) => {
    const sentence = "red dogs";
    return from.propose(sentence, tagger.tag(sentence), 1, createRandom(0));
  };
  expect(await ask(proposer)).toBe(await ask(proposer));
  expect(await ask(forgetful)).toEqual(await ask(proposer));
  expect(await ask(forgetful)).not.toBe(await ask(forgetful));
});

Deno.test("wordnet: on real captions never the word itself, nor a synonym", async () => {
  const limited = proposer.with({ maximum: 100 });
  const pos: Partial<Record<Tag, WordNetPos>> = { NOUN: "n", VERB: "v", ADJ: "a", ADV: "r" };
  const captions = sample.captions.flat();
  let seen = 0;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...captions), fc.nat(), async (caption, place) => {
      const tokens = tagger.tag(caption);
      const { text, tag } = tokens[place % tokens.length]!;
      const words = await limited.propose(caption, tokens, place % tokens.length, createRandom(0));
      const meanings = pos[tag] === undefined ? [] : dictionary.lemmas(text, pos[tag])
        .flatMap((lemma) => [...dictionary.synonyms(lemma, pos[tag]!)]);
      const own = new Set(
        [text, ...meanings].map((each) => each.toLowerCase().replaceAll("_", " ")),
      );
      for (const { word } of words) {
        seen++;
        expect(own.has(word.toLowerCase())).toBe(false);
        expect(word).not.toContain("_");
      }
    }),
    { numRuns: 60 },
  );
  expect(seen).toBeGreaterThan(100);
});
