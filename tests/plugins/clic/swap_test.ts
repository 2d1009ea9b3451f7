import { expect } from "expect";
import fc from "fast-check";
import { createRandom } from "../../../core/random.ts";
import { allSwaps, type SwapOptions, swapWords } from "../../../plugins/clic/swap.ts";
import { joinSentences } from "../../../plugins/clic/join.ts";
import { swapNounPhrases } from "../../../plugins/clic/noun_phrase.ts";
import { type TaggedSentence, tagSentence } from "../../../plugins/clic/tagged_sentence.ts";
import { synonymTest } from "../../../plugins/language/synonym.ts";
import type { Tag } from "../../../plugins/language/tag.ts";
import { winkTagger } from "../../../plugins/language/wink_tagger.ts";
import sample from "../../data/captions_sample.json" with { type: "json" };

const released: SwapOptions = { replacement: "pattern", fallback: "any-token" };
const strict: SwapOptions = { replacement: "token", fallback: "redraw" };
const tagger = winkTagger();

/** A sentence with tags of our own: `"the/DET dog/NOUN 's/PART"`; "_" before a word joins it on. */
function tagged(marked: string): TaggedSentence {
  let text = "";
  const tokens = marked.split(" ").map((item) => {
    const [word, tag] = item.split("/") as [string, Tag];
    const glued = word.startsWith("_");
    if (text !== "" && !glued) text += " ";
    const start = text.length;
    text += glued ? word.slice(1) : word;
    return { text: text.slice(start), tag, start, end: text.length };
  });
  return { text, tokens };
}

/** All outcomes that 300 seeds find. */
function outcomes(a: TaggedSentence, b: TaggedSentence, options: SwapOptions): Set<string> {
  const found = new Set<string>();
  for (let seed = 0; seed < 300; seed++) {
    found.add(swapWords(a, b, createRandom(seed), options)?.join(" | ") ?? "none");
  }
  return found;
}

Deno.test("joinSentences: strips trailing spaces, adds the missing full stop, leaves the rest", () => {
  expect(joinSentences(["a dog  ", " a cat."])).toBe("a dog.  a cat.");
  expect(joinSentences(["a dog!", "a cat. "])).toBe("a dog!. a cat.");
});

Deno.test("tagSentence: lower-cases before tagging", () => {
  const sentence = tagSentence("The DOG", tagger);
  expect(sentence.text).toBe("the dog");
  expect(sentence.tokens.map(({ text }) => text)).toEqual(["the", "dog"]);
});

Deno.test("swapWords: swaps words of a shared tag and never one of an excluded tag", () => {
  // Shared tags: DET (excluded), NOUN and VERB. One outcome for each.
  const a = tagged("the/DET dog/NOUN runs/VERB");
  const b = tagged("a/DET cat/NOUN sits/VERB now/ADV");
  for (const options of [released, strict]) {
    expect(outcomes(a, b, options)).toEqual(
      new Set(["the cat runs | a dog sits now", "the dog sits | a cat runs now"]),
    );
  }
});

Deno.test("swapWords: each of the nine excluded tags makes no tag eligible", () => {
  for (const tag of ["AUX", "DET", "INTJ", "PART", "PUNCT", "SYM", "X", "SCONJ", "CCONJ"]) {
    expect(outcomes(tagged(`one/${tag}`), tagged(`two/${tag}`), strict)).toEqual(new Set(["none"]));
  }
  expect(outcomes(tagged("one/NUM"), tagged("two/NUM"), strict)).toEqual(new Set(["two | one"]));
});

Deno.test("swapWords: draws the tag uniformly, then the word", () => {
  // One VERB against three NOUNs: were words drawn directly, the verb would come in a quarter of
  // the draws. Half of 2,000 is 1,000, with a standard deviation of 22.
  const a = tagged("dog/NOUN cow/NOUN hen/NOUN runs/VERB");
  const b = tagged("cat/NOUN sits/VERB");
  let verbs = 0;
  for (let seed = 0; seed < 2000; seed++) {
    if (swapWords(a, b, createRandom(seed), strict)?.[1] === "cat runs") verbs++;
  }
  expect(Math.abs(verbs - 1000)).toBeLessThan(110);
});

Deno.test("swapWords: a word that both sentences have under the tag is left alone", () => {
  const a = tagged("man/NOUN dog/NOUN");
  const b = tagged("man/NOUN cat/NOUN");
  expect(outcomes(a, b, strict)).toEqual(new Set(["man cat | man dog"]));
  // Nothing is left of b's nouns, so the tag is not eligible.
  expect(outcomes(a, tagged("man/NOUN"), strict)).toEqual(new Set(["none"]));
});

Deno.test("swapWords: synonyms and forms of one word change places only if they may", () => {
  // In WordNet "couch" and "sofa" are in one synset; "dog" and "cat" in none.
  const a = tagged("the/DET couch/NOUN");
  const b = tagged("a/DET sofa/NOUN");
  expect(outcomes(a, b, strict)).toEqual(new Set(["the sofa | a couch"]));
  const dropping = { ...strict, areSynonyms: synonymTest() };
  expect(outcomes(a, b, dropping)).toEqual(new Set(["none"]));
  expect(outcomes(tagged("dogs/NOUN"), tagged("a/DET dog/NOUN"), dropping))
    .toEqual(new Set(["none"]));
  // One pair of two is left, and every further swap is of it.
  const two = tagged("a/DET sofa/NOUN cat/NOUN");
  expect(outcomes(a, two, dropping)).toEqual(new Set(["the cat | a sofa couch"]));
  expect([...allSwaps(a, two, createRandom(1), dropping)]).toEqual([["the cat", "a sofa couch"]]);
});

Deno.test("swapWords: prepositions that can be said for each other are synonyms", () => {
  const a = tagged("dog/X near/ADP house/X");
  const b = tagged("cat/X beside/ADP tree/X");
  expect(outcomes(a, b, strict)).toEqual(new Set(["dog beside house | cat near tree"]));
  const dropping = { ...strict, areSynonyms: synonymTest() };
  expect(outcomes(a, b, dropping)).toEqual(new Set(["none"]));
  // "near" is not "under".
  expect(outcomes(a, tagged("cat/X beside/ADP under/ADP"), dropping))
    .toEqual(new Set(["dog under house | cat beside near"]));
});

Deno.test("swapWords: every occurrence is replaced, under whichever tag, all else is kept", () => {
  const a = tagged("train/NOUN on/ADP a/DET train/NOUN _'s/PART _,/PUNCT trains/VERB train/VERB");
  const b = tagged("cat/NOUN");
  for (const options of [released, strict]) {
    expect([...outcomes(a, b, options)]).toEqual(["cat on a cat's, trains cat | train"]);
  }
});

Deno.test("swapWords: a piece of a longer word is no word with tokens, and none with the pattern", () => {
  // "10km": wink makes two tokens of it. Python's \b finds no boundary between "0" and "k" either,
  // so the released code swaps into b only.
  const a = tagged("10/NUM _km/NOUN");
  const b = tagged("mile/NOUN");
  expect([...outcomes(a, b, strict)]).toEqual(["none"]);
  expect([...outcomes(a, b, { ...strict, replacement: "pattern" })]).toEqual(["10km | km"]);
});

Deno.test("swapWords: the released pattern loses full stops, tokens keep them", () => {
  // Released: "a.m." is stripped to "a.m" on its way into b and where it is searched, so that its
  // last full stop stays behind in a.
  const a = tagged("one/NUM a.m./NOUN");
  const b = tagged("noon/NOUN");
  expect([...outcomes(a, b, strict)]).toEqual(["one noon | a.m."]);
  expect([...outcomes(a, b, released)]).toEqual(["one noon. | a.m."]);
  expect([...outcomes(b, a, released)]).toEqual(["a.m | one noon."]);
});

Deno.test("swapWords: the released pattern finds a word inside a contraction, tokens do not", () => {
  // `\bt\b` matches in "don't", whose tokens are "do" and "n't".
  const a = tagged("t/NOUN do/AUX _n't/PART");
  const b = tagged("shirt/NOUN");
  expect([...outcomes(a, b, strict)]).toEqual(["shirt don't | t"]);
  expect([...outcomes(a, b, released)]).toEqual(["shirt don'shirt | t"]);
});

Deno.test("swapWords: released swaps any two tokens where no tag is eligible", () => {
  // Equal nouns leave no tag. Tokens: the, dog against a, dog.
  const a = tagged("the/DET dog/NOUN");
  const b = tagged("a/DET dog/NOUN");
  expect(outcomes(a, b, released)).toEqual(
    new Set([
      "a dog | the dog",
      "dog dog | a the",
      "the a | dog dog",
      "the dog | a dog",
    ]),
  );
  expect(outcomes(a, b, strict)).toEqual(new Set(["none"]));
});

Deno.test("swapWords: a released full stop is inserted at every word boundary", () => {
  // re.sub(r"(['\"]*)\b()\b(['\"]*)", "x", "ab.") is "xabx." in Python; b's word becomes ".".
  const a = tagged("ab/X _./PUNCT");
  const b = tagged("x/X");
  expect(outcomes(a, b, released)).toEqual(new Set(["xabx. | .", "x. | ab"]));
});

Deno.test("swapWords: a sentence without tokens gives no swap", () => {
  const empty: TaggedSentence = { text: "", tokens: [] };
  expect(swapWords(empty, tagged("cat/NOUN"), createRandom(0), released)).toBeUndefined();
});

Deno.test("swapWords: on real captions only one word changes, all around it stays byte for byte", () => {
  const captions = sample.captions.flat().map((caption) => tagSentence(caption, tagger));
  const words = ({ text, tokens }: TaggedSentence) => [
    tokens.map((token) => token.text),
    // What stands around the tokens.
    tokens.map(({ start }, i) => text.slice(tokens[i - 1]?.end ?? 0, start)).join("|"),
  ];
  let swaps = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...captions),
      fc.constantFrom(...captions),
      fc.nat(),
      (a, b, seed) => {
        const swapped = swapWords(a, b, createRandom(seed), strict);
        if (swapped === undefined) return;
        swaps++;
        for (const [before, text, other] of [[a, swapped[0], b], [b, swapped[1], a]] as const) {
          expect(text).not.toBe(before.text);
          const after = tagSentence(text, tagger);
          // A swapped word may be split otherwise in its new place only if it has a mark in it.
          if (after.tokens.length !== before.tokens.length) continue;
          expect(words(after)[1]).toBe(words(before)[1]);
          const changed = before.tokens.filter(({ text }, i) => after.tokens[i]!.text !== text);
          expect(new Set(changed.map(({ text }) => text)).size).toBe(1);
          const gained = after.tokens.filter(({ text }, i) => before.tokens[i]!.text !== text);
          expect(new Set(gained.map(({ text }) => text)).size).toBe(1);
          expect(other.tokens.map(({ text }) => text)).toContain(gained[0]!.text);
        }
      },
    ),
    { numRuns: 500 },
  );
  expect(swaps).toBeGreaterThan(400);
});

Deno.test("swapNounPhrases: a noun takes its adjectives along, and every occurrence goes", () => {
  const a = tagged("a/DET big/ADJ red/ADJ bus/NOUN behind/ADP a/DET big/ADJ red/ADJ bus/NOUN");
  const b = tagged("the/DET small/ADJ _,/PUNCT birthday/NOUN cake/NOUN");
  // "small" stands before a comma and belongs to no noun.
  expect(swapNounPhrases(a, b, createRandom(0))).toEqual([
    "a birthday cake behind a birthday cake",
    "the small, big red bus",
  ]);
});

Deno.test("swapNounPhrases: a phrase that both have is left alone", () => {
  const a = tagged("red/ADJ bus/NOUN near/ADP cat/NOUN");
  const b = tagged("dog/NOUN near/ADP red/ADJ bus/NOUN");
  expect(swapNounPhrases(a, b, createRandom(0))).toEqual(["red bus near dog", "cat near red bus"]);
  expect(swapNounPhrases(a, tagged("red/ADJ bus/NOUN"), createRandom(0))).toBeUndefined();
});
