/**
 * Pictures: decoding, resizing equal to Pillow's, CLIP's crop and normalisation, and a pool of
 * workers that does all but the last off the main thread.
 *
 * @module
 */
export * from "./crop.ts";
export * from "./decode.ts";
export * from "./image_error.ts";
export * from "./normalize.ts";
export * from "./operation.ts";
export * from "./picture_key.ts";
export * from "./picture_name.ts";
export { createImagePool, type ImagePool, type ImagePoolOptions } from "./pool.ts";
export * from "./random_crop.ts";
export * from "./read_picture.ts";
export * from "./raster.ts";
export * from "./rectangle.ts";
export * from "./resize.ts";
