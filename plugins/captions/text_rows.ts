/**
 * Rows of texts, kept as UTF-8 in one buffer outside the script heap: a million rows of captions
 * are gigabytes as strings.
 */
export interface TextRows {
  /** How many rows there are. */
  readonly length: number;
  /** Adds a row. */
  add(texts: readonly string[]): void;
  /** The texts of row `index`. */
  get(index: number): string[];
  /** A SHA-256 in hexadecimal of all rows and where each text ends. */
  fingerprint(): Promise<string>;
}

// Neither byte occurs in UTF-8, so no text can be mistaken for two.
const TEXT_END = 0xff;
const ROW_END = 0xfe;

/** Starts with no rows. */
export function createTextRows(): TextRows {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  let bytes = new Uint8Array(1 << 16);
  let used = 0;
  const starts: number[] = [];
  return {
    get length() {
      return starts.length;
    },
    add(texts) {
      // A UTF-16 unit becomes at most three bytes.
      const most = texts.reduce((sum, text) => sum + 3 * text.length + 1, 1);
      if (used + most > bytes.length) {
        bytes = new Uint8Array(bytes.buffer.transfer(Math.max(2 * bytes.length, used + most)));
      }
      starts.push(used);
      for (const text of texts) {
        used += encoder.encodeInto(text, bytes.subarray(used)).written;
        bytes[used++] = TEXT_END;
      }
      bytes[used++] = ROW_END;
    },
    get(index) {
      const texts: string[] = [];
      let start = starts[index]!;
      while (bytes[start] !== ROW_END) {
        const end = bytes.indexOf(TEXT_END, start);
        texts.push(decoder.decode(bytes.subarray(start, end)));
        start = end + 1;
      }
      return texts;
    },
    async fingerprint() {
      const digest = await crypto.subtle.digest("SHA-256", bytes.subarray(0, used));
      return new Uint8Array(digest).toHex();
    },
  };
}
