/**
 * CLIC: two pictures in one, positives in other words and orders, and a hard negative in which two
 * words have changed places (Peleg, Singh and Hein, "Advancing Compositional Awareness in CLIP with
 * Efficient Fine-Tuning", arXiv 2505.24424).
 *
 * @module
 */
export * from "./clic.ts";
export * from "./concatenate.ts";
export * from "./draw_pair.ts";
export * from "./join.ts";
export * from "./loss.ts";
export * from "./noun_phrase.ts";
export * from "./pairs.ts";
export * from "./partner.ts";
export * from "./positives.ts";
export type { Replacement } from "./replace_word.ts";
export * from "./split_description.ts";
export * from "./swap.ts";
export * from "./tagged_sentence.ts";
