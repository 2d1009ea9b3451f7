/**
 * Pictures in files: decoding, and a pool of workers that decodes and resizes off the thread that
 * trains.
 *
 * @module
 */
export { pictureKey } from "./picture_key.ts";
export { createPicturePool, type PicturePoolOptions } from "./pool.ts";
