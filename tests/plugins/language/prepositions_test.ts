import { expect } from "expect";
import { areAlikePrepositions, isSymmetricLink } from "../../../plugins/language/prepositions.ts";
import { synonymTest } from "../../../plugins/language/synonym.ts";

Deno.test("areAlikePrepositions: those that can be said for each other, both ways and for themselves", () => {
  const alike = areAlikePrepositions;
  expect(alike("on", "upon") && alike("upon", "on")).toBe(true);
  // In two groups at once.
  expect(alike("by", "near") && alike("by", "at")).toBe(true);
  expect(alike("near", "at")).toBe(false);
  expect(alike("adjacent to", "close to")).toBe(true);
  expect(alike("against", "against")).toBe(true);
  expect(alike("under", "over")).toBe(false);
});

Deno.test("isSymmetricLink: what can be said in either order, and nothing else", () => {
  const links = ["", "and", "or", "with", "by", "next to", "close to", "alongside", "and next to"];
  expect(links.filter((words) => !isSymmetricLink(words))).toEqual([]);
  // Words that begin or end like a link, half of one, and one among others.
  const others = ["on", "byway", "without", "next", "band", "withand", "and on", "held by"];
  expect(others.filter(isSymmetricLink)).toEqual([]);
});

Deno.test("synonymTest: prepositions that can be said for each other say the same", () => {
  const areSynonyms = synonymTest();
  expect(areSynonyms("Near", "beside", "ADP")).toBe(true);
  expect(areSynonyms("near", "under", "ADP")).toBe(false);
  // Halves of "next to" and "close to", as taggers see them; WordNet has no synset of both.
  expect(areSynonyms("next", "close", "ADJ")).toBe(true);
});
