/** A picture that is missing or cannot be decoded. The loop counts it, names it and goes on without it. */
export class PictureError extends Error {
  /** Always `"PictureError"`. */
  override readonly name = "PictureError";
  /**
   * An error about one picture.
   *
   * @param where The file or key of the picture.
   * @param reason What was wrong with it.
   */
  constructor(readonly where: string, readonly reason: string, options?: ErrorOptions) {
    super(`${where}: ${reason}`, options);
  }
}
