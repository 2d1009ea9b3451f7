/**
 * CoN-CLIP: captions that deny, and pictures that these are true of (Singh et al., WACV 2025).
 *
 * @module
 */
export { conClipLoss } from "./loss.ts";
export { negations } from "./negations.ts";
export { conClipRows } from "./rows.ts";
