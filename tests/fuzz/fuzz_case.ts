/** Files by their path in a folder. */
export type Files = Readonly<Record<string, Uint8Array<ArrayBuffer> | string>>;

/** What a reader made of a file. */
export interface Reading {
  /** How many parts it left out and told of. */
  readonly faults: number;
}

/** A reader, and valid files for it to begin with. */
export interface FuzzCase {
  /** What is read: `"PNG"`. */
  readonly name: string;
  /** The file that is spoiled. */
  readonly file: string;
  /** How it is spoiled: as bytes, as text, or as a value of JSON. */
  readonly form: "bytes" | "text" | "json";
  /** Valid contents of the file, made when they are needed. */
  readonly valid: () => Promise<readonly Uint8Array<ArrayBuffer>[]>;
  /** What stands beside it. */
  readonly beside?: () => Promise<Files>;
  /** Makes the sums of spoiled bytes right again, so that what is behind them is reached. */
  readonly seal?: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>;
  /** Reads all of it. */
  readonly read: (path: string) => Promise<Reading>;
  /** What errors name in place of the file: a setting, a text. */
  readonly named?: string;
}

/** UTF-8 of a text. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** Valid contents that are values of JSON. */
export function jsonOf(...values: readonly unknown[]): FuzzCase["valid"] {
  return () => Promise.resolve(values.map((value) => bytesOf(JSON.stringify(value, null, 1))));
}
