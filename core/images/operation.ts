import { cutOut, squareCrop } from "./crop.ts";
import type { Rectangle } from "./rectangle.ts";
import type { Raster } from "./raster.ts";
import { resizeBicubic } from "./resize.ts";
import type { SquareFit } from "./square_fit.ts";

/**
 * What is done to a picture after decoding: nothing; the square that a model
 * expects ({@linkcode squareCrop}); a resize that ignores the aspect ratio ({@linkcode resizeBicubic}); or the same after a rectangle
 * was cut out ({@linkcode cutOut}).
 */
export type PictureOperation =
  | { readonly kind: "full" }
  | { readonly kind: "square"; readonly size: number; readonly fit?: SquareFit }
  | { readonly kind: "squash"; readonly width: number; readonly height: number }
  | { readonly kind: "cut"; readonly from: Rectangle; readonly size: number };

/**
 * Does what `operation` says.
 *
 * @throws {RangeError} if a size is not a whole number of at least 1.
 */
export function applyOperation(raster: Raster, operation: PictureOperation): Raster {
  switch (operation.kind) {
    case "full":
      return raster;
    case "square":
      return squareCrop(raster, operation.size, operation.fit);
    case "squash":
      return resizeBicubic(raster, operation.width, operation.height);
    case "cut":
      return resizeBicubic(cutOut(raster, operation.from), operation.size, operation.size);
  }
}
