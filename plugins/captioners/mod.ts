/**
 * Captioners: captions for pictures that have none, or poor ones.
 *
 * @module
 */
export * from "./caption_folder.ts";
export * from "./captioner.ts";
export * from "./image_to_text.ts";
