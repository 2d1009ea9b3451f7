/**
 * Files by address: `hf:owner/repo[@revision]/path` (`hf:datasets/owner/…` of a data set),
 * `https://…`, or a path on this machine.
 */
export interface Assets {
  /** A folder for what can be made again; `undefined` where there is none. */
  readonly cache?: string;
  /**
   * The local path of the file at `address`, downloaded into the cache first where that is needed.
   *
   * @param options What is known of the file before it is fetched.
   * @param options.sha256 The SHA-256 that it must have, in hexadecimal.
   * @throws {AssetError} if the file cannot be had: names the file, the addresses tried and the
   *   folder where it may be put by hand.
   */
  file(address: string, options?: { readonly sha256?: string }): Promise<string>;
  /**
   * As {@linkcode Assets.file}, but `undefined` where the place answers that there is no such file.
   */
  optionalFile(
    address: string,
    options?: { readonly sha256?: string },
  ): Promise<string | undefined>;
  /**
   * The file at an address on a server, of which parts are read; nothing is downloaded.
   *
   * @throws {AssetError} as {@linkcode Assets.file} does; so do the functions of what it gives, where
   *   a connection fails for good or the file was changed on the server.
   */
  remote?(address: string): Promise<RemoteFile>;
}

/** A file on a server. */
export interface RemoteFile {
  /** How many bytes it has. */
  readonly size: number;
  /** Its version: size, ETag and time of change as the server tells them. */
  readonly print: string;
  /** Whether the server gives parts of it. */
  readonly ranges: boolean;
  /** `size` bytes from `start` on. */
  read(start: number, size: number): Promise<Uint8Array>;
  /** Downloads all of it to a path. */
  copyTo(path: string): Promise<void>;
}
