/**
 * DeGLA: hard negatives, and a running average as teacher (Hu et al., ACM MM 2025).
 *
 * @module
 */
export { deglaLoss, type DeglaLossOptions } from "./loss.ts";
export { deglaNegatives } from "./negatives.ts";
