/**
 * Plain contrastive training, as CLIP was trained: one picture, one caption, the symmetric loss.
 *
 * @module
 */
export * from "./contrastive.ts";
export * from "./single_caption.ts";
export * from "./symmetric_contrastive.ts";
