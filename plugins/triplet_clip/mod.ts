/**
 * TripletCLIP: negative captions, and pictures that these are true of (Patel et al., NeurIPS 2024).
 *
 * @module
 */
export { tripletClipLoss } from "./loss.ts";
export { tripletClipRows } from "./rows.ts";
export { tripletData } from "./triplet_data.ts";
