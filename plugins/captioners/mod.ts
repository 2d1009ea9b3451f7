/**
 * Captioners: captions for pictures that have none, or poor ones.
 *
 * @module
 */
export type { Captioner } from "./captioner.ts";
export { imageToText } from "./image_to_text.ts";
