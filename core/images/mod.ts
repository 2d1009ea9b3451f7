/**
 * Pictures in memory: resizing equal to Pillow's, CLIP's crop and normalisation.
 *
 * @module
 */
export { cutOut, squareCrop } from "./crop.ts";
export { createNormalizer, type Normalizer } from "./normalize.ts";
export { applyOperation, type ImageOperation } from "./operation.ts";
export type { Normalization, Raster } from "./raster.ts";
export type { Rectangle } from "./rectangle.ts";
export { resizeBicubic } from "./resize.ts";
export { type SquareFit, squareOf } from "./square_fit.ts";
