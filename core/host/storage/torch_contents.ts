/** What the reader of either form finds out about a file. */
export interface TorchContents {
  /** The object that was saved. */
  readonly root: unknown;
  /** Where the bytes of each storage are, by its key. */
  readonly storages: ReadonlyMap<string, ByteRange>;
  /** Whether elements have their most significant byte first. */
  readonly bigEndian: boolean;
  /** Names of the TorchScript classes that are used. */
  readonly classes: ReadonlySet<string>;
}

/** Bytes of a file. */
export interface ByteRange {
  readonly start: number;
  readonly size: number;
}
