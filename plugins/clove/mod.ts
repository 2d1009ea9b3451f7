/**
 * CLoVe: hard negatives in which one word of a caption is replaced (Castro, Ziai, Saluja, Yuan and
 * Mihalcea, "CLoVe: Encoding Compositional Language in Contrastive Vision-Language Models", 2024).
 *
 * Its loss is `hardNegativeContrastive` of the contrastive plugin; synthetic captions come from the
 * captioners, or from data that has them; patching is a plugin of its own.
 *
 * @module
 */
export { replace, type ReplaceOptions } from "./replace.ts";
