/** A file that can be had, and was not downloaded, since it is larger than what was asked for. */
export class LargeFileError extends Error {
  /** Always `"LargeFileError"`. */
  override readonly name = "LargeFileError";
  /**
   * Puts the sentence together.
   *
   * @param address Where the file is.
   * @param bytes Its size.
   */
  constructor(readonly address: string, readonly bytes: number) {
    super(`${address} (${(bytes / 2 ** 20).toFixed(0)} MiB) is there to be downloaded`);
  }
}
