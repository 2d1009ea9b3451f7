/**
 * The embedded world: procedural scenes with exact captions, drawn in the process, endless and
 * seeded; a benchmark with SugarCrepe's categories whose every negative is proved false; and a
 * tokenizer for the tiny models that are trained on it.
 *
 * @module
 */
export type { ScenesBenchmarkOptions } from "./benchmark.ts";
export { collages } from "./collages.ts";
export { scenesCompositional } from "./compositional.ts";
export { scenesChoices, scenesMatches } from "./items_benchmark.ts";
export { knownWords } from "./known_words.ts";
export { scenePairs } from "./scene_pairs.ts";
export { scenesPairs } from "./pairs_benchmark.ts";
export { scenesRetrieval } from "./retrieval.ts";
export { sceneProposer } from "./scene_proposer.ts";
export { scenes, type ScenesOptions, swappedScenes } from "./scenes.ts";
export { sightedClip } from "./sighted_clip.ts";
export type { Telling } from "./sentences.ts";
export { tinyClip } from "./tiny_clip.ts";
export { twins } from "./twins.ts";
export { scenesZeroShot } from "./zero_shot.ts";
