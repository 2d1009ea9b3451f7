/** Pixels of a picture: 8-bit RGB, rows from the top, no padding. */
export interface Raster {
  /** Pixels a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** `height * width * 3` bytes, red, green, blue. */
  readonly data: Uint8Array;
  /**
   * Whether the file has a palette, or black and white alone: some programs resize such pictures in
   * another way.
   */
  readonly indexed?: boolean;
  /**
   * A byte for each pixel, 255 where it covers what is behind it; only of files that say so. The
   * colours are those of the file, not blended.
   */
  readonly opacity?: Uint8Array;
}

/** Per-channel mean and standard deviation, of scaled values, that a model's input is normalised with. */
export interface Normalization {
  /** Red, green, blue. */
  readonly mean: readonly [number, number, number];
  /** Red, green, blue. */
  readonly deviation: readonly [number, number, number];
  /** What each byte is multiplied by before. Default 1/255, so that values are in [0, 1]. */
  readonly scale?: number;
}
