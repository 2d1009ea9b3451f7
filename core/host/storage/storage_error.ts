/** A file that cannot be written: a full disk, a missing or unwritable folder. */
export class StorageError extends Error {
  /** Always `"StorageError"`. */
  override readonly name = "StorageError";
  /**
   * Puts the sentence together.
   *
   * @param path The file that was to be written.
   * @param reason What stood in the way.
   */
  constructor(readonly path: string, readonly reason: string, options?: ErrorOptions) {
    super(`${path} cannot be written: ${reason}`, options);
  }
}
