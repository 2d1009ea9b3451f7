import { expect } from "expect";
import { parseCaption } from "../../../plugins/clove/parse_caption.ts";
import { PREPOSITIONS } from "../../../plugins/clove/prepositions.ts";
import { tagText } from "../../helpers/tag_text.ts";

/** A scene as words: `head(modifiers)` for each entity, `kind:words` for each relation. */
function sceneOf(text: string): readonly [entities: string[], relations: string[]] {
  const tokens = tagText(text);
  const { entities, relations } = parseCaption(tokens);
  const words = (indices: readonly number[]) =>
    indices.map((index) => tokens[index]!.text).join(" ");
  return [
    entities.map(({ head, modifiers }) => `${tokens[head]!.text}(${words(modifiers)})`),
    relations.map(({ kind, start, end }) =>
      `${kind}:${tokens.slice(start, end).map(({ text }) => text).join(" ")}`
    ),
  ];
}

// Each expectation is what the comments and rules of CLoVe's spacy_parser.py give, except where the
// doc comment of parseCaption says otherwise.
const cases: readonly (readonly [string, string, string[], string[]])[] = [
  [
    "a verb with an object, and a preposition",
    "A/DET woman/NOUN is/AUX playing/VERB the/DET piano/NOUN in/ADP the/DET room/NOUN",
    ["woman(A)", "piano(the)", "room(the)"],
    ["verb:playing", "preposition:in"],
  ],
  [
    "the verb of a passive with a form of be",
    "The/DET piano/NOUN is/AUX played/VERB by/ADP a/DET woman/NOUN",
    ["piano(The)", "woman(a)"],
    ["verb:played"],
  ],
  [
    "nothing of a passive without it",
    "a/DET cake/NOUN made/VERB by/ADP a/DET child/NOUN",
    ["cake(a)", "child(a)"],
    [],
  ],
  [
    "the preposition by after a verb in -ing",
    "a/DET man/NOUN standing/VERB by/ADP a/DET tree/NOUN",
    ["man(a)", "tree(a)"],
    ["preposition:by"],
  ],
  [
    "no verb without an object",
    "a/DET man/NOUN riding/VERB on/ADP a/DET horse/NOUN",
    ["man(a)", "horse(a)"],
    ["preposition:on"],
  ],
  [
    "prepositions of several words, without the nouns in them",
    "a/DET cat/NOUN in/ADP front/NOUN of/ADP a/DET car/NOUN on/ADP the/DET side/NOUN of/ADP a/DET road/NOUN",
    ["cat(a)", "car(a)", "road(a)"],
    ["preposition:in front of", "preposition:on the side of"],
  ],
  [
    "a form of be between two nouns, but not after there",
    "The/DET woman/NOUN is/AUX a/DET pianist/NOUN",
    ["woman(The)", "pianist(a)"],
    ["auxiliary:is"],
  ],
  [
    "there as no entity",
    "on/ADP tables/NOUN there/PRON is/AUX a/DET cat/NOUN",
    ["tables()", "cat(a)"],
    [],
  ],
  [
    "an owner and what is owned as one entity",
    "a/DET man/NOUN 's/PART small/ADJ dog/NOUN on/ADP his/PRON bed/NOUN",
    ["dog(small)", "bed()"],
    ["preposition:on"],
  ],
  [
    "pronouns that stand for something",
    "He/PRON throws/VERB a/DET frisbee/NOUN to/ADP her/PRON",
    ["He()", "frisbee(a)", "her()"],
    ["verb:throws", "preposition:to"],
  ],
  [
    "adjectives that are joined",
    "a/DET black/ADJ and/CCONJ white/ADJ dog/NOUN near/ADP two/NUM very/ADV soft/ADJ ,/PUNCT red/ADJ sofas/NOUN",
    ["dog(a black white)", "sofas(two soft red)"],
    ["preposition:near"],
  ],
  [
    "no relation across and",
    "a/DET dog/NOUN and/CCONJ a/DET cat/NOUN",
    ["dog(a)", "cat(a)"],
    [],
  ],
  [
    "no relation before the first entity",
    "in/ADP a/DET park/NOUN ,/PUNCT dogs/NOUN run/VERB",
    ["park(a)", "dogs()"],
    [],
  ],
  ["nothing", "running/VERB", [], []],
];

for (const [what, text, entities, relations] of cases) {
  Deno.test(`parseCaption: ${what}`, () => {
    expect(sceneOf(text)).toEqual([entities, relations]);
  });
}

Deno.test("PREPOSITIONS: weights are frequencies in WordNet's tagged words, at least 1", () => {
  const weights = new Map(PREPOSITIONS.map(({ word, weight }) => [word, weight]));
  expect(weights.size).toBe(75);
  // 1.368 % and 0.464 % of 248,796 words; the rarest would be a hundredth of a word.
  expect(weights.get("in")).toBe(Math.round(0.01368333 * 248_796));
  expect(weights.get("on")).toBe(Math.round(0.00463558 * 248_796));
  expect(weights.get("on side of")).toBe(1);
});
