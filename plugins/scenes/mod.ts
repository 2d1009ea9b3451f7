/**
 * The embedded world: procedural scenes with exact captions, drawn in the process, endless and
 * seeded; a benchmark with SugarCrepe's categories whose every negative is proved false; and a
 * tokenizer for the tiny models that are trained on it.
 *
 * @module
 */
export type { ScenesBenchmarkOptions } from "./benchmark.ts";
export * from "./collages.ts";
export * from "./compositional.ts";
export * from "./draw_item_picture.ts";
export * from "./foils.ts";
export * from "./pairs_benchmark.ts";
export * from "./known_words.ts";
export * from "./render.ts";
export * from "./retrieval.ts";
export * from "./scene.ts";
export * from "./scene_proposer.ts";
export * from "./scenes.ts";
export {
  drawSentences,
  LEAST_WORDS,
  MOST_WORDS,
  type Sentence,
  sentences,
  type Telling,
} from "./sentences.ts";
export * from "./statement.ts";
export * from "./tiny_clip.ts";
export * from "./vocabulary.ts";
export * from "./word_tokenizer.ts";
export * from "./wording.ts";
export * from "./zero_shot.ts";
