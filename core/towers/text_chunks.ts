/**
 * Texts as the text tower takes them.
 *
 * @module
 */
import { checkTexts, type TextLimits } from "./check_texts.ts";

/** Texts that go through the text tower together. */
export interface TextChunk {
  /** Which texts they are, as places in the list that was cut up. */
  readonly rows: readonly number[];
  /** Rows of the program; those past `rows.length` repeat the last text. */
  readonly size: number;
  /** Tokens a row. */
  readonly tokens: number;
  /** `[size, tokens]`. */
  readonly ids: BigInt64Array;
  /** `[size]`: the place of each row's end token. */
  readonly end: BigInt64Array;
}

/** How texts are cut into chunks, and what the text tower takes. */
export interface TextChunkOptions extends TextLimits {
  /** The most texts of a chunk. */
  readonly size: number;
  /** The id that fills the places after the end token. */
  readonly padding: number;
}

/** Lengths are rounded up to a multiple of this, so that few programs serve all lengths. */
const BUCKET = 8;

/**
 * Sorts texts by length and cuts them into chunks of equal size; each chunk is as long as its
 * longest text, rounded up to a bucket. A text tower with causal attention takes no notice of what
 * follows the end token, so this is exact.
 *
 * @param texts Token ids with start and end token.
 * @throws {RangeError} from {@linkcode checkTexts}.
 */
export function textChunks(
  texts: readonly (readonly number[])[],
  options: TextChunkOptions,
): readonly TextChunk[] {
  checkTexts(texts, options);
  const size = Math.min(options.size, texts.length);
  const order = texts.map((_, row) => row).sort((a, b) =>
    texts[a]!.length - texts[b]!.length || a - b
  );
  const chunks: TextChunk[] = [];
  for (let start = 0; start < order.length; start += size) {
    const rows = order.slice(start, start + size);
    const longest = texts[rows.at(-1)!]!.length;
    const tokens = Math.min(options.context, Math.ceil(longest / BUCKET) * BUCKET);
    const ids = new BigInt64Array(size * tokens).fill(BigInt(options.padding));
    const end = new BigInt64Array(size);
    for (let i = 0; i < size; i++) {
      const text = texts[rows[Math.min(i, rows.length - 1)]!]!;
      for (const [place, id] of text.entries()) ids[i * tokens + place] = BigInt(id);
      end[i] = BigInt(text.length - 1);
    }
    chunks.push({ rows, size, tokens, ids, end });
  }
  return chunks;
}
