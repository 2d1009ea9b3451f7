import { showBytes } from "../../show_bytes.ts";

/** A file that can be had, and was not downloaded, since it is larger than what was asked for. */
export class LargeFileError extends Error {
  /** Always `"LargeFileError"`. */
  override readonly name = "LargeFileError";
  /**
   * Puts the sentence together.
   *
   * @param address Where the file is.
   * @param bytes Its size.
   * @param place Where it would be kept.
   */
  constructor(readonly address: string, readonly bytes: number, readonly place: string) {
    super(`${address} (${showBytes(bytes)}) is there to be downloaded`);
  }
}
