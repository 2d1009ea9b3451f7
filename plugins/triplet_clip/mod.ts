/**
 * TripletCLIP: negative captions, and pictures that these are true of (Patel et al., NeurIPS 2024).
 *
 * @module
 */
export { tripletClipLoss, type TripletClipLossOptions } from "./loss.ts";
export { tripletClipRows } from "./rows.ts";
export { tripletData, type TripletDataOptions } from "./triplet_data.ts";
