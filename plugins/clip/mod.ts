/**
 * The CLIP model family: towers, tokenizer, weights in and out.
 *
 * @module
 */
export { clip } from "./clip.ts";
export type { ClipOptions } from "./clip_options.ts";
export type { ArchitectureName } from "./architecture_name.ts";
export { siglip } from "./siglip.ts";
