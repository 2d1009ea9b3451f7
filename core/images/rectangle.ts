/** A part of a picture, in whole pixels. */
export interface Rectangle {
  /** Columns left of it. */
  readonly left: number;
  /** Rows above it. */
  readonly top: number;
  /** Its columns. */
  readonly width: number;
  /** Its rows. */
  readonly height: number;
}
