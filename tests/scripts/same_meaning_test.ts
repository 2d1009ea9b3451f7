import { expect } from "expect";
import { readWordNet } from "../../plugins/language/wordnet.ts";
import { changedPreposition, isSymmetricSwap, sharesMeaning } from "../../scripts/same_meaning.ts";

Deno.test("isSymmetricSwap: two things in the other order, whatever article they have", () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ["A dog and a cat.", "A cat and a dog.", true],
    ["An owl and a dog sleep", "A dog and an owl sleep", true],
    ["cheese, ham or bread", "cheese, bread or ham", true],
    ["a red and white bus", "a white and red bus", true],
    ["a man next to a big dog", "a big dog next to a man", true],
    // Only the nouns: another dog is big.
    ["a man next to a big dog", "a dog next to a big man", false],
    ["a man close to a dog", "a dog close to a man", true],
    ["a small dog and cat", "a small cat and dog", true],
    // The word before stays, and says something else of what came.
    ["a small dog and a cat", "a small cat and a dog", false],
    ["three giraffe and a zebra", "three zebra and a giraffe", false],
    ["a toaster oven and a laptop", "a toaster laptop and an oven", false],
    ["a dog on a cat", "a cat on a dog", false],
    ["a dog a cat", "a cat a dog", false],
    ["a dog and a cat", "a dog and a cow", false],
    ["a dog and a cat", "a dog and a cat", false],
  ];
  for (const [caption, negative, expected] of cases) {
    expect([negative, isSymmetricSwap(caption, negative)]).toEqual([negative, expected]);
  }
});

Deno.test("changedPreposition: one preposition for another, of one or several words", () => {
  const found = (caption: string, negative: string) => changedPreposition(caption, negative);
  expect(found("A dog on a table", "A dog upon a table"))
    .toEqual({ before: "on", after: "upon", alike: true });
  expect(found("a dog on a table", "a dog on top of a table"))
    .toEqual({ before: "on", after: "on top of", alike: true });
  expect(found("a dog in front of a table", "a dog in a table"))
    .toEqual({ before: "in front of", after: "in", alike: false });
  expect(found("a dog on a table", "a cat on a table")).toBeUndefined();
  expect(found("a dog on a table", "a dog under a desk")).toBeUndefined();
});

Deno.test("sharesMeaning: in any part of speech, and all that has changed", () => {
  const wordnet = readWordNet();
  const shares = (caption: string, negative: string) => sharesMeaning(wordnet, caption, negative);
  // WordNet has {sofa, couch, lounge} and {bathroom, toilet, lavatory …}, {run, go …}.
  expect(shares("a dog on a sofa", "a dog on a couch")).toBe(true);
  expect(shares("two dogs on two sofas", "two dogs on two couches")).toBe(true);
  expect(shares("a dog on a sofa", "a dog on a table")).toBe(false);
  expect(shares("a dog on a sofa", "a cat on a couch")).toBe(false);
});
