/**
 * READ-CLIP's alignment: captions near their paraphrases (Kwon et al., NeurIPS 2025).
 *
 * @module
 */
export { readClipAlignLoss, type ReadClipAlignLossOptions, type ReadClipGroup } from "./loss.ts";
export { readClipRows, type ReadClipRowsOptions } from "./rows.ts";
