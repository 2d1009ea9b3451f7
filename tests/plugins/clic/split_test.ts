import { expect } from "expect";
import { splitDescription } from "../../../plugins/clic/split_description.ts";
import golden from "../../golden/clic_split.json" with { type: "json" };

const strict = { preset: "strict" } as const;

Deno.test("splitDescription: gives what the authors' script gives", () => {
  // Captions with abbreviations, numbers, "@" and lead-ins put in at random, and the sentences that
  // assets/create_dataset.py (commit dc845c7) makes of them under Python 3.
  expect(golden.length).toBe(60);
  for (const { text, sentences } of golden) {
    expect({ text, sentences: splitDescription(text) }).toEqual({ text, sentences });
  }
});

Deno.test("splitDescription: splits at a full stop before a capital, and keeps 4 to 34 words", () => {
  // Words as \w+ finds them: "It's" are two.
  const words = (count: number) => Array.from({ length: count }, (_, i) => `w${i}`).join(" ");
  const text = `A dog runs fast. It's red all. Too short here. X${words(34)}. Y${words(35)}.`;
  for (const options of [{}, strict]) {
    expect(splitDescription(text, options)).toEqual([
      "A dog runs fast",
      "It's red all",
      `X${words(34)}`,
    ]);
  }
});

Deno.test("splitDescription: a full stop before a small letter ends nothing", () => {
  const text = "A brand called adidas. and some more words. The end of it all.";
  expect(splitDescription(text)).toEqual([
    "A brand called adidas. and some more words",
    "The end of it all",
  ]);
});

Deno.test("splitDescription: lead-ins of the first sentence are dropped, one after the other", () => {
  const text =
    "This image displays a screenshot of a red game board. The image shows a blue board.";
  // The second sentence keeps its lead-in: only the first one's are dropped.
  const expected = ["a red game board", "The image shows a blue board"];
  expect(splitDescription(text)).toEqual(expected);
  expect(splitDescription(text, strict)).toEqual([expected[0], `${expected[1]}.`]);
  // Each is tried once, in the script's order, in which "a collection of" precedes "a screenshot of".
  expect(splitDescription("a screenshot of a collection of many old coins"))
    .toEqual(["a collection of many old coins"]);
  expect(splitDescription("the image shows a red game board")).toEqual([
    "the image shows a red game board",
  ]);
});

Deno.test("splitDescription: abbreviations end no sentence", () => {
  const text =
    "Dr. Smith and Mrs. Jones walk along Main St. They left the U.S. Embassy in Sept. 1990.";
  expect(splitDescription(text)).toEqual([
    // "St. They" and "U. S. Embassy" stay together; the script's spaces inside "U.S." stay too.
    "Dr. Smith and Mrs. Jones walk along Main St. They left the U. S. Embassy in Sept. 1990",
  ]);
  expect(splitDescription(text, strict)).toEqual([text]);
});

Deno.test("splitDescription: the released quirks, and what strict makes of them", () => {
  const numbers = "The image shows: A bus 3.5 m high. Write to me@home today please.";
  expect(splitDescription(numbers)).toEqual([
    ": A bus 3. 5 m high",
    "Write to me.home today please",
  ]);
  expect(splitDescription(numbers, strict)).toEqual([
    "A bus 3.5 m high",
    "Write to me@home today please.",
  ]);
  // "Mar." is found in "BeMar."; and only A to Z begin a sentence.
  const names = "A boat is called BeMar. Two men are on it. Élodie waves from far away.";
  expect(splitDescription(names)).toEqual([
    "A boat is called BeMar. Two men are on it. Élodie waves from far away",
  ]);
  expect(splitDescription(names, strict)).toEqual([
    "A boat is called BeMar",
    "Two men are on it",
    "Élodie waves from far away.",
  ]);
});

Deno.test("splitDescription: nothing comes of nothing, and an unknown preset is refused", () => {
  for (const text of ["", " . . ", "Three words only."]) expect(splitDescription(text)).toEqual([]);
  expect(() => splitDescription("a", { preset: "lose" as "strict" })).toThrow(RangeError);
});
