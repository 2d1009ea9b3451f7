/**
 * CE-CLIP: hard negatives of four kinds, contrasted with their caption and ranked below it.
 *
 * @module
 */
export type { ImcVariant } from "./intra_modal.ts";
export { ceClipLoss, type CeClipLossOptions } from "./loss.ts";
export { ceClipNegatives, type CeClipNegativesOptions } from "./negatives.ts";
export type { ThresholdKind } from "./thresholds.ts";
