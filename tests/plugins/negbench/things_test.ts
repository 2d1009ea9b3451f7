import { expect } from "expect";
import { winkTagger } from "../../../plugins/language/wink_tagger.ts";
import { isNamed, thingsOf, wordsOf } from "../../../plugins/negbench/things.ts";

const tag = (text: string) => winkTagger().tag(text);

Deno.test("thingsOf: noun phrases with their nouns, but for those that name no thing", () => {
  const caption = "A small birthday cake on the left of two dogs";
  expect(thingsOf(caption, tag(caption))).toEqual([
    { phrase: "a small birthday cake", noun: "birthday cake", head: "cake" },
    { phrase: "two dogs", noun: "dogs", head: "dogs" },
  ]);
  // A name keeps its letter at the start of a sentence.
  expect(thingsOf("London at night", tag("London at night"))[0]!.phrase).toBe("London");
});

Deno.test("isNamed: in the singular as in the plural", () => {
  const words = wordsOf([tag("A dog on two sofas"), tag("He watches")]);
  const named = ["dog", "dogs", "sofa", "sofas", "cat", "cats"].filter((head) =>
    isNamed({ phrase: head, noun: head, head }, words)
  );
  expect(named).toEqual(["dog", "dogs", "sofa", "sofas"]);
});
