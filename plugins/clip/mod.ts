/**
 * The CLIP model family: towers, tokenizer, weights in and out.
 *
 * @module
 */
export { clip } from "./clip.ts";
export type { ClipOptions } from "./clip_options.ts";
export { architecture, type ArchitectureName, type ClipConfig } from "./config.ts";
export { siglip, type SiglipOptions } from "./siglip.ts";
