import { expect } from "expect";
import { openContext } from "../../../core/host/open_context.ts";
import { composePair } from "../../../plugins/clic/compose_pair.ts";
import { clicPairs } from "../../../plugins/clic/pairs.ts";
import { scenePairs } from "../../../plugins/scenes/scene_pairs.ts";
import { sceneTagger } from "../../../plugins/scenes/scene_tagger.ts";
import { scenes } from "../../../plugins/scenes/scenes.ts";
import { TINY_CLIP, TINY_PREPROCESSING } from "../../../plugins/scenes/tiny_clip_model.ts";
import { sceneVocabulary } from "../../../plugins/scenes/vocabulary.ts";
import { winkTagger } from "../../../plugins/language/wink_tagger.ts";

Deno.test("sceneTagger: knows every word of the world, where it stands", () => {
  const { tag } = sceneTagger();
  for (const word of sceneVocabulary()) {
    expect(tag(word)).toMatchObject([{ text: word, start: 0, end: word.length }]);
    expect({ word, tag: tag(word)[0]!.tag }).not.toEqual({ word, tag: "X" });
  }
  const sentence = "a red box, and zebras";
  expect(tag(sentence).map(({ tag }) => tag))
    .toEqual(["DET", "ADJ", "NOUN", "PUNCT", "CCONJ", "X"]);
  for (const { text, start, end } of tag(sentence)) expect(sentence.slice(start, end)).toBe(text);
});

Deno.test("sceneTagger: colours are adjectives and shapes nouns, as a tagger finds them", () => {
  const sentence = "a red star and a striped blue heart";
  expect(sceneTagger().tag(sentence)).toEqual(winkTagger().tag(sentence));
});

Deno.test("scenePairs: CLIC's strict rows, with the world's own tags", async () => {
  expect(TINY_CLIP.image.size).toBe(TINY_PREPROCESSING.size);
  using context = openContext();
  const data = await scenes({ length: 40, seed: 2, telling: "plain", captions: 4 }).open(context);
  const compose = { data, preprocessing: TINY_PREPROCESSING, seed: 0, epoch: 0 };
  const tagger = sceneTagger();
  const strict = clicPairs({ preset: "strict", synonyms: "keep", tagger });
  let negatives = 0;
  for (let index = 0; index < data.length; index++) {
    const [row] = await scenePairs().compose(index, compose);
    expect([row]).toEqual(await strict.compose(index, compose));
    const { caption, positive, negative } = row!.texts;
    expect(positive).toContain(caption![0]);
    if (negative![0] === null) continue;
    negatives++;
    // The words of both captions, two of which have changed places.
    const words = (text: string) => text.match(/\w+/g)!.sort();
    expect(words(negative![0]!)).toEqual(words(caption![0]!));
    expect(positive).not.toContain(negative![0]);
  }
  expect(negatives).toBeGreaterThan(35);
  await expect(composePair(0, compose, {
    ...{ positives: 2, negatives: 1, tagger, selfPairing: false },
    ...{ fallback: "redraw", replacement: "token" },
  })).resolves.toHaveLength(1);
});
