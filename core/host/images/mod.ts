/**
 * TODO
 *
 * @module
 */
export { pictureKey } from "./picture_key.ts";
export { createImagePool, type ImagePoolOptions } from "./pool.ts";
