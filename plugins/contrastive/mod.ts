/**
 * Contrastive training: one picture, one caption, the symmetric loss, as CLIP was trained; and the
 * same with hard negatives.
 *
 * @module
 */
export * from "./caption_negatives.ts";
export * from "./contrastive.ts";
export { CROP_SCALE, type CropScale, drawSquare, isCropScale } from "./draw_square.ts";
export * from "./duplicates.ts";
export * from "./hard_negative_contrastive.ts";
export * from "./single_caption.ts";
export * from "./symmetric_contrastive.ts";
