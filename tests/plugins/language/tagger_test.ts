import { expect } from "expect";
import fc from "fast-check";
import { TAGS } from "../../../plugins/language/tag.ts";
import { winkTagger } from "../../../plugins/language/wink_tagger.ts";
import sample from "../../data/captions_sample.json" with { type: "json" };

const captions = sample.captions.flat().map((caption) => caption.toLowerCase());

Deno.test("winkTagger: tags the words of a sentence", () => {
  // Parts of speech as a grammar book has them.
  const tokens = winkTagger().tag("a small dog sleeps on the red sofa.");
  expect(tokens.map(({ text, tag }) => `${text}/${tag}`)).toEqual([
    "a/DET",
    "small/ADJ",
    "dog/NOUN",
    "sleeps/VERB",
    "on/ADP",
    "the/DET",
    "red/ADJ",
    "sofa/NOUN",
    "./PUNCT",
  ]);
});

Deno.test("winkTagger: a contraction is two tokens that touch", () => {
  // d-o-g-space is 4 units, so "is" is 4..6 and "n't" 6..9.
  expect(winkTagger().tag("dog isn't").slice(1)).toEqual([
    { text: "is", tag: "AUX", start: 4, end: 6 },
    { text: "n't", tag: "PART", start: 6, end: 9 },
  ]);
});

Deno.test("winkTagger: offsets cut the tokens out, and only white space is left between them", () => {
  const tagger = winkTagger({ cache: 0 });
  const piece = fc.oneof(
    fc.constantFrom(...captions.join(" ").split(" ")),
    fc.constantFrom(
      "'",
      "'s",
      "n't",
      "  ",
      "\t",
      "\n",
      "\u00a0",
      "...",
      "-",
      '"',
      "cannot",
      "e.g.",
    ),
    fc.string({ unit: "grapheme", maxLength: 4 }),
  );
  fc.assert(fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
    const sentence = pieces.join("");
    let rest = "";
    let end = 0;
    for (const token of tagger.tag(sentence)) {
      expect(sentence.slice(token.start, token.end)).toBe(token.text);
      expect(token.start).toBeGreaterThanOrEqual(end);
      expect(token.end).toBeGreaterThan(token.start);
      expect(TAGS).toContain(token.tag);
      rest += sentence.slice(end, token.start);
      end = token.end;
    }
    expect((rest + sentence.slice(end)).trim()).toBe("");
  }));
});

Deno.test("winkTagger: tags do not depend on the cache or on what was tagged before", () => {
  const forwards = winkTagger();
  const backwards = winkTagger({ cache: 3 });
  const first = captions.map((caption) => forwards.tag(caption));
  const last = captions.toReversed().map((caption) => backwards.tag(caption)).toReversed();
  expect(last).toEqual(first);
  expect(captions.map((caption) => forwards.tag(caption))).toEqual(first);
});

Deno.test("winkTagger: keeps the most recently used sentences, up to the cache's size", () => {
  const tagger = winkTagger({ cache: 2 });
  const a = tagger.tag("a");
  const b = tagger.tag("b");
  expect(tagger.tag("a")).toBe(a);
  // "b" is now the least recently used of the two, and "c" takes its place.
  tagger.tag("c");
  expect(tagger.tag("a")).toBe(a);
  expect(tagger.tag("b")).not.toBe(b);
});

Deno.test("winkTagger: refuses an unknown or senseless option", () => {
  expect(() => winkTagger({ cache: -1 })).toThrow(RangeError);
  expect(() => winkTagger(JSON.parse('{"cahce": 1}'))).toThrow('did you mean "cache"?');
});
