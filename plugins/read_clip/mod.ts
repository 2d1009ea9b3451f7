/**
 * READ-CLIP: captions near their paraphrases, and from which a frozen decoder tells other captions of
 * the picture (Kwon et al., NeurIPS 2025).
 *
 * @module
 */
export { readClipAlignLoss, type ReadClipAlignLossOptions } from "./loss.ts";
export { readClipRows, type ReadClipRowsOptions } from "./rows.ts";
export { readClipLoss } from "./decoder_loss.ts";
