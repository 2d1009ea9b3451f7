import { expect } from "expect";
import { createRandom } from "../../../core/random.ts";
import type { JsonObject } from "../../../core/component.ts";
import type { NegativeGenerator } from "../../../core/negative_generator.ts";
import { winkTagger } from "../../../plugins/language/wink_tagger.ts";
import { COLOURS, SHAPES } from "../../../plugins/scenes/vocabulary.ts";
import { knownWords } from "../../../plugins/scenes/known_words.ts";
import { sceneProposer } from "../../../plugins/scenes/scene_proposer.ts";

const tagger = winkTagger();

async function proposals(sentence: string, word: string): Promise<string[]> {
  const tokens = tagger.tag(sentence);
  const index = tokens.findIndex(({ text }) => text === word);
  const found = await sceneProposer().propose(sentence, tokens, index, createRandom(1));
  return found.map((proposal) => proposal.word);
}

Deno.test("sceneProposer: another word of the same kind, and none for what is of no kind", async () => {
  const sentence = "a tiny red disc is to the left of a box";
  expect((await proposals(sentence, "red")).sort())
    .toEqual(COLOURS.filter((colour) => colour !== "red").sort());
  // "disc" is a circle: neither word comes.
  expect((await proposals(sentence, "disc")).sort())
    .toEqual(SHAPES.filter((shape) => shape !== "circle").sort());
  expect(await proposals(sentence, "tiny")).toEqual(["large"]);
  expect(await proposals(sentence, "left")).toEqual(["right"]);
  expect(await proposals(sentence, "of")).toEqual([]);
});

const generator = (texts: readonly (string | null)[]): NegativeGenerator => ({
  name: "fixed",
  options: { texts: [...texts] },
  slots: texts.length,
  generate: () => Promise.resolve(texts),
  with: (changes: JsonObject) => generator((changes.texts ?? texts) as readonly (string | null)[]),
});

Deno.test("knownWords: leaves out what holds a word that the tiny CLIP does not know", async () => {
  const known = knownWords({
    negatives: generator(["a red star", "a crimson star", null, "a star above a box."]),
  });
  expect(known.slots).toBe(4);
  expect(await known.generate("a blue star", createRandom(1)))
    .toEqual(["a red star", null, null, "a star above a box."]);
  const changed = known.with({ negatives: { texts: ["a violet ring", "a ring"] } });
  expect(await changed.generate("", createRandom(1))).toEqual([null, "a ring"]);
});
