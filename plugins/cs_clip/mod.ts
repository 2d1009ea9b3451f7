/**
 * CS-CLIP: parts of a caption, each with its own foil (arXiv 2602.23906).
 *
 * @module
 */
export { csClipLoss, type CsClipLossOptions } from "./loss.ts";
export { csClipRows } from "./rows.ts";
