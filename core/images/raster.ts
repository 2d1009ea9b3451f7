/** Pixels of a picture: 8-bit RGB, rows from the top, no padding. */
export interface Raster {
  /** Pixels a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** `height * width * 3` bytes, red, green, blue. */
  readonly data: Uint8Array;
}

/** Per-channel mean and standard deviation, of values in [0, 1], that a model's input is normalised with. */
export interface Normalization {
  /** Red, green, blue. */
  readonly mean: readonly [number, number, number];
  /** Red, green, blue. */
  readonly deviation: readonly [number, number, number];
}
