/**
 * The CLIP model family: towers, tokenizer, weights in and out.
 *
 * @module
 */
export { clip, type ClipOptions } from "./clip.ts";
export { architecture, type ArchitectureName, type ClipConfig } from "./config.ts";
