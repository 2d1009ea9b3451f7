/**
 * Plain contrastive training, as CLIP was trained: one picture, one caption, the symmetric loss.
 *
 * @module
 */
export * from "./caption_negatives.ts";
export * from "./contrastive.ts";
export { CROP_SCALE, type CropScale, drawSquare, isCropScale } from "./draw_square.ts";
export * from "./single_caption.ts";
export * from "./symmetric_contrastive.ts";
