/**
 * C2LIP: pictures and noun phrases, without hard negatives (CVPR 2026).
 *
 * @module
 */
export { c2lipLoss, type C2lipLossOptions, c2lipPooledLoss } from "./loss.ts";
export { c2lipRows } from "./rows.ts";
