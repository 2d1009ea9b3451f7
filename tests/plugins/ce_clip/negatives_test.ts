import { expect } from "expect";
import fc from "fast-check";
import { createRandom } from "../../../core/random.ts";
import type { JsonObject } from "../../../core/component.ts";
import { maskedLm } from "../../../plugins/language/masked_lm.ts";
import type { Proposal, WordProposer } from "../../../plugins/language/word_proposer.ts";
import type { TaggedToken, Tagger } from "../../../plugins/language/tagger.ts";
import { winkTagger } from "../../../plugins/language/wink_tagger.ts";
import {
  ceClipNegatives,
  type CeClipNegativesOptions,
} from "../../../plugins/ce_clip/negatives.ts";
import sample from "../../data/captions_sample.json" with { type: "json" };

/** A tagger that knows these words only. */
const tags: Readonly<Record<string, TaggedToken["tag"]>> = {
  art: "NOUN",
  cart: "NOUN",
  dog: "NOUN",
  sofa: "NOUN",
  cat: "NOUN",
  couch: "NOUN",
  big: "ADJ",
  sees: "VERB",
  a: "DET",
  and: "CCONJ",
};
const tagger: Tagger = {
  name: "toy",
  tag: (sentence) =>
    [...sentence.matchAll(/[^\s.]+|[.]/g)].map(({ 0: text, index }) => ({
      text,
      tag: tags[text] ?? "X",
      start: index,
      end: index + text.length,
    })),
};

/** Proposes what a list says for a word. */
function list(words: Readonly<Record<string, readonly Proposal[]>>): WordProposer {
  const proposer: WordProposer = {
    name: "list",
    options: { length: Object.keys(words).length },
    propose: (_sentence, tokens, index) =>
      Promise.resolve(words[tokens[index]!.text.toLowerCase()] ?? []),
    with: ({ length }: JsonObject) => {
      if (length === 0) return list({});
      throw new RangeError("list.length: expected 0");
    },
  };
  return proposer;
}

const one = (word: string): readonly Proposal[] => [{ word, weight: 1 }];
const proposer = list({ big: one("old"), dog: one("owl"), sees: one("bites") });

/** Says where it was asked to put a word: what it proposes is the sentence with a gap there. */
const gaps: WordProposer = {
  ...proposer,
  propose: (sentence, tokens, index) => {
    const { start, end } = tokens[index]!;
    return Promise.resolve(one(`[${sentence.slice(0, start)}_${sentence.slice(end)}]`));
  },
};

async function generate(
  caption: string,
  options: CeClipNegativesOptions = {},
  seed = 0,
): Promise<readonly (string | null)[]> {
  const generator = ceClipNegatives({ tagger, proposer, ...options });
  expect(generator.slots).toBe(4);
  return await generator.generate(caption, createRandom(seed));
}

Deno.test("ceClipNegatives: relation, attribute, object, action", async () => {
  // Of the nouns only "dog" has a proposal; the others are passed over.
  expect(await generate("A big dog sees a sofa and a cat.")).toEqual([
    "A big sofa sees a dog and a cat.",
    "An old dog sees a sofa and a cat.",
    "A big owl sees a sofa and a cat.",
    "A big dog bites a sofa and a cat.",
  ]);
  expect(await generate("A big dog sees.", { articles: "keep" })).toEqual([
    null,
    "A old dog sees.",
    "A big owl sees.",
    "A big dog bites.",
  ]);
});

Deno.test("ceClipNegatives: a relation needs more than two nouns, and two that differ", async () => {
  expect((await generate("dog sees cat"))[0]).toBe(null);
  expect((await generate("dog sees cat . sofa"))[0]).toBe("cat sees dog . sofa");
  expect((await generate("dog sees dog . sofa"))[0]).toBe(null);
});

Deno.test("ceClipNegatives: a noun twice gives the caption again, a negative as released", async () => {
  const relation = async (caption: string, options: CeClipNegativesOptions) =>
    (await generate(caption, options))[0];
  const twice = "dog sees dog . sofa";
  expect(await relation(twice, { preset: "released" })).toBe(twice);
  expect(await relation(twice, { symmetric: "keep", unchanged: "keep" })).toBe(twice);
  // Either option alone is enough to leave it out.
  expect(await relation(twice, { preset: "released", unchanged: "drop" })).toBe(null);
  expect(await relation(twice, { unchanged: "keep" })).toBe(null);
  // A tokenizer sees no capitals: this is the same text.
  const capital = "dog sees a Dog . sofa";
  const tagged = { name: "toy", tag: (text: string) => tagger.tag(text.toLowerCase()) };
  expect(await relation(capital, { preset: "released", tagger: tagged }))
    .toBe("Dog sees a dog . sofa");
  expect(await relation(capital, { preset: "released", tagger: tagged, unchanged: "drop" }))
    .toBe(null);
});

Deno.test("ceClipNegatives: synonyms change places as released, and not if strict", async () => {
  const caption = "couch sees sofa . dog";
  expect((await generate(caption))[0]).toBe(null);
  expect((await generate(caption, { symmetric: "keep" }))[0]).toBe("sofa sees couch . dog");
  // No synonyms, so it is not the sentence that forbids it.
  expect((await generate("cat sees sofa . dog"))[0]).toBe("sofa sees cat . dog");
});

Deno.test("ceClipNegatives: nouns joined by 'and' change places as released, and not if strict", async () => {
  expect((await generate("a dog and a cat sees a sofa"))[0]).toBe(null);
  expect((await generate("a dog and a cat sees a sofa", { symmetric: "keep" }))[0]).toBe(
    "a cat and a dog sees a sofa",
  );
  expect((await generate("a dog with a cat sees a sofa"))[0]).toBe(null);
  expect((await generate("a dog with a cat sees a sofa", { preset: "released" }))[0]).toBe(
    "a cat with a dog sees a sofa",
  );
});

Deno.test("ceClipNegatives: the released code replaces letters, wherever they stand", async () => {
  const caption = "a cart sees art and a dog";
  // "cart" becomes a placeholder, "art" "cart", the placeholder "art".
  expect((await generate(caption))[0]).toBe("an art sees cart and a dog");
  expect((await generate(caption, { preset: "released" }))[0]).toBe("a art sees cart and a dog");
  // With "art" first its letters in "cart" go too: "P sees cP …", then "cart" is nowhere to be found.
  expect((await generate("art sees a cart and a dog", { preset: "released" }))[0]).toBe(
    "cart sees a ccart and a dog",
  );
  const art = { proposer: list({ art: one("oil") }) };
  expect((await generate("a cart sees art", { ...art, preset: "strict" }))[2]).toBe(
    "a cart sees oil",
  );
  const seeds = [0, 1, 2, 3, 4, 5, 6, 7];
  const found = await Promise.all(
    seeds.map(async (seed) =>
      (await generate("a cart sees art", { ...art, preset: "released" }, seed))[2]
    ),
  );
  // Its letters stand in "cart" first. Where "cart" was drawn, which has no proposal, there is none.
  expect(new Set(found)).toEqual(new Set(["a coil sees art", null]));
});

Deno.test("ceClipNegatives: a proposer hears of the place that its word will take", async () => {
  const options = { proposer: gaps, unchanged: "drop", articles: "keep" } as const;
  const word = { ...options, replacement: "word" } as const;
  const letters = { ...options, replacement: "substring" } as const;
  const object = async (given: CeClipNegativesOptions) => {
    // Both nouns, "cart" and "art", one with each seed.
    const found = [0, 1, 2, 3, 4, 5, 6, 7].map((seed) => generate("a cart sees art", given, seed));
    return new Set((await Promise.all(found)).map((negatives) => negatives[2]));
  };
  expect(await object(word)).toEqual(
    new Set(["a cart sees [a cart sees _]", "a [a _ sees art] sees art"]),
  );
  // "art" stands in "cart" first: the released code masks it there, and fills that mask.
  expect(await object(letters)).toEqual(
    new Set(["a c[a c_ sees art] sees art", "a [a _ sees art] sees art"]),
  );
});

Deno.test("ceClipNegatives: a missing part of speech is null, or the released bare mask", async () => {
  expect(await generate("dog")).toEqual([null, null, "owl", null]);
  expect(await generate("dog", { missing: "mask" })).toEqual([null, "<mask>", "owl", "<mask>"]);
  // The released code has its language model fill that mask, alone as it is.
  const filled = list({ "<mask>": one(".") });
  expect(await generate("dog", { proposer: filled, missing: "mask" })).toEqual(
    [null, ".", null, "."],
  );
  // No proposal at all is no missing part of speech.
  expect(await generate("sofa", { missing: "mask" })).toEqual([null, "<mask>", null, "<mask>"]);
});

Deno.test("ceClipNegatives: the word itself is put back as released, and not if strict", async () => {
  const stubborn = { proposer: list({ dog: one("dog"), cat: one("owl") }) };
  // Strict looks for another word that can be replaced, and finds one.
  for (let seed = 0; seed < 8; seed++) {
    expect((await generate("dog sees cat", stubborn, seed))[2]).toBe("dog sees owl");
  }
  expect((await generate("dog", { ...stubborn, preset: "released" }))[2]).toBe("dog");
  expect((await generate("dog", { ...stubborn, unchanged: "keep" }))[2]).toBe("dog");
  expect((await generate("dog", { ...stubborn, preset: "released", unchanged: "drop" }))[2])
    .toBe(null);
});

Deno.test("ceClipNegatives: strict never puts the word back, whatever its case", async () => {
  const stubborn = list({ dog: [{ word: "Dog", weight: 5 }, { word: "owl", weight: 1 }] });
  for (let seed = 0; seed < 10; seed++) {
    expect((await generate("dog", { proposer: stubborn }, seed))[2]).toBe("owl");
  }
  expect((await generate("dog", { proposer: list({ dog: one("DOG") }) }))[2]).toBe(null);
});

Deno.test("ceClipNegatives: proposals are drawn with their weights", async () => {
  // 3 : 1 in 800 draws: 600, deviation 12.
  const weighted = list({ dog: [{ word: "owl", weight: 3 }, { word: "fox", weight: 1 }] });
  let owls = 0;
  for (let seed = 0; seed < 800; seed++) {
    if ((await generate("dog", { proposer: weighted }, seed))[2] === "owl") owls++;
  }
  expect(Math.abs(owls - 600)).toBeLessThan(60);
});

Deno.test("ceClipNegatives: with WordNet, never the caption, and the same every time", async () => {
  const generator = ceClipNegatives({ tagger: winkTagger() });
  const captions = sample.captions.flat().slice(0, 30);
  let found = 0;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...captions), fc.nat(), async (caption, seed) => {
      const negatives = await generator.generate(caption, createRandom(seed));
      expect(await generator.generate(caption, createRandom(seed))).toEqual(negatives);
      expect(negatives.length).toBe(4);
      for (const negative of negatives) {
        if (negative === null) continue;
        found++;
        expect(negative.toLowerCase()).not.toBe(caption.toLowerCase());
      }
    }),
    { numRuns: 40 },
  );
  expect(found).toBeGreaterThan(40);
});

Deno.test("ceClipNegatives: prepares its proposer, and hands changes on to it", async () => {
  const ready = list({ dog: one("cow") });
  const lazy: WordProposer = { ...proposer, prepare: () => Promise.resolve(ready) };
  const generator = ceClipNegatives({ tagger, proposer: lazy, preset: "released" });
  const prepared = await generator.prepare!({
    data: {} as never,
    assets: {} as never,
    rehearsal: false,
    log: () => {},
  });
  expect(prepared.options).toEqual({ ...generator.options, proposer: { name: "list", length: 1 } });
  expect((await prepared.generate("dog", createRandom(0)))[2]).toBe("cow");

  expect(generator.options).toEqual({
    preset: "released",
    replacement: "substring",
    missing: "mask",
    unchanged: "keep",
    symmetric: "keep",
    articles: "keep",
    proposer: { name: "list", length: 3 },
    tagger: "toy",
  });
  expect(generator.with({ preset: "strict" }).options).toMatchObject({
    replacement: "word",
    missing: "null",
    unchanged: "drop",
    symmetric: "drop",
    articles: "mend",
    proposer: { name: "list", length: 3 },
  });
  expect(generator.with({ proposer: { length: 0 } }).options.proposer).toEqual({
    name: "list",
    length: 0,
  });
  expect(() => generator.with({ proposer: { length: 2 } })).toThrow("list.length");
  expect(() => generator.with({ proposer: { name: "maskedLm" } })).toThrow(
    "expected a word proposer",
  );
  expect(() => generator.with({ mising: "mask" })).toThrow('did you mean "missing"');
});

Deno.test("ceClipNegatives: the released preset fills masks with the authors' language model", () => {
  const released = { name: "maskedLm", ...maskedLm({ preset: "released" }).options };
  const generator = ceClipNegatives({ tagger, preset: "released" });
  expect(generator.options.proposer).toEqual(released);
  expect(released).toMatchObject({
    model: "hf:Xenova/distilroberta-base",
    top: 5,
    pick: "fourth",
    filter: false,
  });
  // It was not chosen, so it follows the preset.
  const strict = generator.with({ preset: "strict" });
  expect(strict.options.proposer).toMatchObject({ name: "wordnet" });
  expect(strict.with({ preset: "released" }).options).toEqual(generator.options);
  expect(generator.with({ proposer: { dtype: "q8" } }).options.proposer)
    .toEqual({ ...released, dtype: "q8" });
});
