/** How a picture becomes a square: what weights were trained with, and expect. */
export interface SquareFit {
  /**
   * Which side is resized, the other in proportion: the `"shortest"`, and the centre is cut out; the
   * `"longest"`, and what is missing is filled; or both (`"squash"`), the proportions lost.
   */
  readonly resize: "shortest" | "longest" | "squash";
  /** Pixels that it is resized to, at least the square's. Default: the square's. */
  readonly side?: number;
  /** The filter: one of Pillow's, computed as it computes them. */
  readonly interpolation: "bicubic" | "bilinear" | "lanczos";
  /**
   * Where the centre is, if an odd number of pixels is cut away: half of it rounded to the even side
   * (torchvision, so open_clip) or down (transformers).
   */
  readonly oddPixel: "even" | "down";
  /** The grey, 0 to 255, around a picture whose longest side was resized. Default 0. */
  readonly fill?: number;
  /**
   * Whether a picture is converted to RGB `"before"` it is resized, transparent pixels in front of
   * white (transformers 5), or `"after"` (open_clip). After, Pillow picks the nearest pixels of one
   * with a palette, or of black and white alone, whatever the filter, and weighs colours by their
   * opacity where pixels are transparent.
   */
  readonly convert: "before" | "after";
}

/** OpenAI's and open_clip's: the shorter side by Pillow's bicubic filter, then the centre. */
export const openClipFit: SquareFit = {
  resize: "shortest",
  interpolation: "bicubic",
  oddPixel: "even",
  convert: "after",
};

/** The same as transformers' `CLIPImageProcessor` does it with Pillow. */
export const transformersFit: SquareFit = {
  resize: "shortest",
  interpolation: "bicubic",
  oddPixel: "down",
  convert: "before",
};

/** The operation that gives what a model with this preprocessing expects of a picture. */
export function squareOf(
  { size, fit }: { readonly size: number; readonly fit?: SquareFit },
): { readonly kind: "square"; readonly size: number; readonly fit?: SquareFit } {
  return { kind: "square", size, ...(fit === undefined ? {} : { fit }) };
}
