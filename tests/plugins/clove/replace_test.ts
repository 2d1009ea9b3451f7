import { expect } from "expect";
import { createRandom } from "../../../core/random.ts";
import { PREPOSITIONS } from "../../../plugins/clove/prepositions.ts";
import { replace, type ReplaceOptions } from "../../../plugins/clove/replace.ts";
import { weightedSample } from "../../../plugins/clove/weighted_sample.ts";
import type { Proposal, WordProposer } from "../../../plugins/language/word_proposer.ts";
import { readWordNet } from "../../../plugins/language/wordnet.ts";

/** Proposes what it is told, whatever the part of speech. */
function fixed(words: Readonly<Record<string, readonly string[]>>): WordProposer {
  return {
    name: "fixed",
    options: {},
    propose: (_sentence, tokens, index): Promise<readonly Proposal[]> => {
      const others = words[tokens[index]!.text.toLowerCase()] ?? [];
      return Promise.resolve(others.map((word) => ({ word, weight: 1 })));
    },
    with: () => fixed(words),
  };
}

/** How often each negative comes among `count` draws. */
async function negatives(
  caption: string,
  options: ReplaceOptions,
  count: number,
): Promise<Map<string | null, number>> {
  const generator = replace(options);
  const found = new Map<string | null, number>();
  for (let seed = 0; seed < count; seed++) {
    const [negative] = await generator.generate(caption, createRandom(seed));
    found.set(negative!, (found.get(negative!) ?? 0) + 1);
  }
  return found;
}

/** The negatives that come at all in 20 draws. */
async function kinds(caption: string, options: ReplaceOptions): Promise<(string | null)[]> {
  return [...(await negatives(caption, options, 20)).keys()].sort();
}

Deno.test("replace: draws two of each span, then one of all, each as likely as any other", async () => {
  const proposer = fixed({ dog: ["wolf"], table: ["desk", "chair", "sofa"] });
  const shares = async (choices: number) => {
    const found = await negatives("a dog under a table", { proposer, choices }, 1000);
    const share = (pattern: RegExp) =>
      [...found].reduce((sum, [text, n]) => sum + (pattern.test(text!) ? n : 0), 0) / 1000;
    return [
      share(/^a wolf under a table$/),
      share(/^a dog under a (desk|chair|sofa)$/),
      share(/^a dog (?!under ).* a table$/),
    ];
  };
  // Drawn are 1 for "dog", 2 for "table" and 2 for "under"; three deviations are 0.05.
  const [dog, table, under] = await shares(2);
  expect(Math.abs(dog! - 1 / 5)).toBeLessThan(0.05);
  expect(Math.abs(table! - 2 / 5)).toBeLessThan(0.05);
  expect(Math.abs(under! - 2 / 5)).toBeLessThan(0.05);
  // With one choice a span, one of three.
  for (const share of await shares(1)) expect(Math.abs(share - 1 / 3)).toBeLessThan(0.05);
});

Deno.test("weightedSample: draws by weight, without replacement", () => {
  const items = [{ name: "a", weight: 2 }, { name: "b", weight: 1 }, { name: "c", weight: 1 }];
  const random = createRandom(5);
  let first = 0;
  let among = 0;
  for (let i = 0; i < 4000; i++) {
    const drawn = weightedSample(items, 2, random);
    expect(new Set(drawn).size).toBe(2);
    if (drawn[0]!.name === "a") first++;
    if (drawn.some(({ name }) => name === "a")) among++;
  }
  // P(a first) = 2/4. P(a second) = 2 · 1/4 · 2/3, so P(a) = 1/2 + 1/3. Deviations below 0.008.
  expect(Math.abs(first / 4000 - 1 / 2)).toBeLessThan(0.03);
  expect(Math.abs(among / 4000 - 5 / 6)).toBeLessThan(0.03);
  expect(weightedSample(items, 5, random).length).toBe(3);
  expect(weightedSample([], 2, random)).toEqual([]);
});

Deno.test("replace: skips captions of one entity, or without relation and modifier", async () => {
  const proposer = fixed({ dog: ["wolf"], dogs: ["wolves"] });
  const one = "a dog sleeps";
  expect(await kinds(one, { proposer })).toEqual([null]);
  expect(await kinds(one, { proposer, skip: "never" })).toEqual(["a wolf sleeps"]);
  const bare = "dogs and cats";
  expect(await kinds(bare, { proposer })).toEqual([null]);
  expect(await kinds(bare, { proposer, skip: "never" })).toEqual(["wolves and cats"]);
});

Deno.test("replace: a determiner is a modifier or not, as asked", async () => {
  const proposer = fixed({ dog: ["wolf"] });
  const caption = "a dog and a cat";
  expect(await kinds(caption, { proposer })).toEqual(["a wolf and a cat"]);
  expect(await kinds(caption, { proposer, determiners: false })).toEqual([null]);
  // An adjective is one in any case.
  expect(await kinds("a big dog and a cat", { proposer, determiners: false }))
    .toEqual(["a big wolf and a cat"]);
});

Deno.test("replace: a preposition gives way to others of the list, like ones only if asked", async () => {
  const proposer = fixed({});
  const known = new Set(PREPOSITIONS.map(({ word }) => word));
  const drawn = async (prepositions: "any" | "distinct") => {
    const found = await negatives("a dog on a table", { proposer, prepositions }, 400);
    return [...found.keys()].map((text) => /^a dog (.*) a table$/.exec(text!)![1]!);
  };
  const distinct = await drawn("distinct");
  const any = await drawn("any");
  for (const word of [...distinct, ...any]) expect(known.has(word)).toBe(true);
  expect(any).not.toContain("on");
  // "at" has about 3 % of the weight: missing 400 times has a chance of e⁻¹².
  expect(any).toContain("at");
  for (const word of ["on", "at", "upon", "onto", "atop", "on top of"]) {
    expect(distinct).not.toContain(word);
  }
});

Deno.test("replace: a preposition of several words is replaced as a whole, in its casing", async () => {
  const proposer = fixed({});
  for (const text of await kinds("a dog in front of a table", { proposer })) {
    expect(text).toMatch(/^a dog (?!in front of)[a-z ]+ a table$/);
    expect(text).not.toContain("front");
  }
  for (const text of await kinds("A dog ON a table", { proposer })) {
    expect(text).toMatch(/^A dog [A-Z ]+ a table$/);
  }
});

Deno.test("replace: articles are kept or mended, as asked", async () => {
  const proposer = fixed({ dog: ["owl"], cat: ["owl"] });
  const caption = "a dog and a cat";
  expect(await kinds(caption, { proposer, articles: "keep" }))
    .toEqual(["a dog and a owl", "a owl and a cat"]);
  expect(await kinds(caption, { proposer, articles: "mend" }))
    .toEqual(["a dog and an owl", "an owl and a cat"]);
});

Deno.test("replace: released makes what the published code does, strict what differs in meaning", async () => {
  // Of the words that can be said for "on", "at" alone has 3 % of the list's weight, and two are
  // drawn of which one is picked: missing it 400 times has a chance of e⁻¹².
  const caption = "a dog on a table";
  const made = async (
    preset: "released" | "strict",
  ) => [...(await negatives(caption, { proposer: fixed({ table: ["owl"] }), preset }, 400)).keys()];
  const [released, strict] = [await made("released"), await made("strict")];
  expect(released).toContain("a dog at a table");
  expect(released).toContain("a dog on a owl");
  expect(released).not.toContain("a dog on an owl");
  expect(strict).not.toContain("a dog at a table");
  expect(strict).toContain("a dog on an owl");
  expect(strict).not.toContain("a dog on a owl");
  expect(strict).toContain("a dog of a table");
});

Deno.test("replace: what was not given follows the preset", () => {
  const quirks = { prepositions: "any", articles: "keep" };
  const strict = replace({ articles: "keep" });
  expect(strict.options).toMatchObject({
    preset: "strict",
    prepositions: "distinct",
    articles: "keep",
  });
  expect(strict.with({ choices: 3 }).with({ preset: "released" }).options)
    .toMatchObject({ preset: "released", choices: 3, ...quirks });
  const released = replace({ preset: "released" });
  expect(released.options).toMatchObject(quirks);
  // A manifest's options make the same component again.
  expect(released.with(released.options).options).toEqual(released.options);
  expect(released.with({ preset: "strict" }).options)
    .toMatchObject({ prepositions: "distinct", articles: "mend" });
});

Deno.test("replace: determiners, numbers and forms of be are never replaced", async () => {
  const proposer = fixed({ the: ["no"], two: ["three"], are: ["were"], dogs: ["wolves"] });
  expect(await kinds("the two dogs are the winners", { proposer }))
    .toEqual(["the two wolves are the winners"]);
});

Deno.test("replace: WordNet's words are other words, no synonyms, in the same form", async () => {
  const dictionary = readWordNet();
  const caption = "Two small dogs near a red car";
  const found = [...(await negatives(caption, {}, 60)).keys()];
  expect(found.length).toBeGreaterThan(20);
  const synonyms = {
    dogs: dictionary.synonyms("dog", "n"),
    car: dictionary.synonyms("car", "n"),
    small: dictionary.synonyms("small", "a"),
    red: dictionary.synonyms("red", "a"),
  };
  for (const text of found) {
    expect(text).not.toBe(null);
    expect(text!.toLowerCase()).not.toBe(caption.toLowerCase());
    // All but one span stands as it did; what stands for it is no synonym.
    for (const [word, others] of Object.entries(synonyms)) {
      const [before, after] = caption.split(word) as [string, string];
      if (!text!.startsWith(before) || !text!.endsWith(after) || text!.includes(word)) continue;
      const other = text!.slice(before.length, text!.length - after.length);
      expect(others.has(other.toLowerCase().replaceAll(" ", "_"))).toBe(false);
    }
  }
});

Deno.test("replace: the same random numbers give the same negative; others, others", async () => {
  const options = { proposer: fixed({ dog: ["wolf", "fox", "cat"], table: ["desk", "chair"] }) };
  const one = await negatives("a dog under a table", options, 30);
  expect(await negatives("a dog under a table", options, 30)).toEqual(one);
  expect(one.size).toBeGreaterThan(3);
});

Deno.test("replace: describes and changes its options, the proposer's among them", () => {
  const generator = replace();
  expect(generator.slots).toBe(1);
  expect(generator.options).toMatchObject({
    skip: "released",
    determiners: true,
    choices: 2,
    preset: "strict",
    prepositions: "distinct",
    articles: "mend",
    proposer: { name: "wordnet", counts: true },
  });
  const changed = generator.with({ choices: 3, proposer: { counts: false } });
  expect(changed.options).toMatchObject({ choices: 3, proposer: { counts: false } });
  expect(() => generator.with({ proposer: "wordnet" })).toThrow(
    "replace.proposer: expected a proposer of words",
  );
  expect(() => replace({ choices: 0 })).toThrow("replace.choices");
});

Deno.test("replace: prepares the proposer once", async () => {
  let prepared = 0;
  const proposer: WordProposer = {
    ...fixed({}),
    prepare: () => {
      prepared++;
      return Promise.resolve(fixed({ dog: ["wolf"] }));
    },
  };
  const context = {
    assets: {
      file: (address: string) => Promise.resolve(address),
      optionalFile: () => Promise.resolve(undefined),
    },
    log: () => {},
  };
  const generator = await replace({ proposer, skip: "never" }).prepare!({
    ...context,
    rehearsal: false,
    data: {
      name: "none",
      length: 0,
      faults: [],
      record: () => ({ id: "", captions: [] }),
      size: () => Promise.reject(new Error("no pictures")),
      pixels: () => Promise.reject(new Error("no pictures")),
      fingerprint: () => Promise.resolve(""),
    },
  });
  expect(await generator.generate("a dog", createRandom(1))).toEqual(["a wolf"]);
  expect(prepared).toBe(1);
});
