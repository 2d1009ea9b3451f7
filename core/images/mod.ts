/**
 * Pictures in memory: resizing equal to Pillow's, CLIP's crop and normalisation.
 *
 * @module
 */
export { applyOperation } from "./operation.ts";
export type { Rectangle } from "./rectangle.ts";
export { squareOf } from "./square_fit.ts";
