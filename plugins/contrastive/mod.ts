/**
 * Contrastive training: one picture, one caption, the symmetric loss, as CLIP was trained; and the
 * same with hard negatives.
 *
 * @module
 */
export { captionNegatives } from "./caption_negatives.ts";
export { contrastive } from "./contrastive.ts";
export type { ExampleOptions } from "./draw_example.ts";
export type { Duplicates } from "./duplicates.ts";
export { hardNegativeContrast, hardNegativeContrastive } from "./hard_negative_contrastive.ts";
export { sigmoidContrastive } from "./sigmoid_contrastive.ts";
export { singleCaption } from "./single_caption.ts";
export { contrastiveLogits, symmetricContrastive } from "./symmetric_contrastive.ts";
