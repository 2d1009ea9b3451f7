/** Where text for people is written: `Deno.stdout`, `Deno.stderr`, or something like them. */
export interface TextStream {
  /** Writes bytes and says how many were taken. */
  writeSync(bytes: Uint8Array): number;
}

/** Writes all of `text`; a single `writeSync` may take only a part. */
export function writeText(stream: TextStream, text: string): void {
  let bytes = new TextEncoder().encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(stream.writeSync(bytes));
}
