import { shareOf } from "../shard.ts";
import { nameEmbeddings } from "../embedding_error.ts";
import type { Encoder } from "../evaluator.ts";
import type { Exchange } from "./exchange.ts";
import { together } from "./together.ts";

/** How many pictures or texts go to the encoder in one call. */
export interface PartedBlocks {
  /** As many as the encoder itself embeds together. */
  readonly pictures: number;
  /** Default: all, in each of the processes. */
  readonly texts?: number;
}

/**
 * An encoder whose work is parted over processes: each asks for its own pictures, all get all rows.
 * All must ask for the same.
 */
export function partedEncoder(
  encoder: Encoder,
  exchange: Exchange,
  { pictures, texts: together }: PartedBlocks,
): Encoder {
  if (exchange.size === 1) return encoder;
  const { dim } = encoder;
  return {
    dim,
    images: (count, picture, key) =>
      embedInParts(
        exchange,
        { count, block: pictures, dim, what: "pictures" },
        (first, length) =>
          nameEmbeddings(
            encoder.images(
              length,
              (i) => picture(first + i),
              key === undefined ? undefined : (i) => key(first + i),
            ),
            (row) => first + row,
          ),
      ),
    texts: (texts) =>
      together === undefined ? encoder.texts(texts) : embedInParts(
        exchange,
        { count: texts.length, block: together, dim, what: "texts" },
        (first, length) =>
          nameEmbeddings(
            encoder.texts(texts.slice(first, first + length)),
            (row) => JSON.stringify(texts[first + row]),
          ),
      ),
  };
}

/** A list to be embedded, and how it is cut. */
export interface PartedList {
  readonly count: number;
  /** What is embedded together: so the rows are those of one process, to the last bit. */
  readonly block: number;
  /** Values of a row. */
  readonly dim: number;
  /** For people: `"pictures"`. */
  readonly what: string;
}

/**
 * Rows of a list, block by block, each by one of the processes. It fails in all of them where it fails
 * in one.
 *
 * @param embed Gives the rows of so many items from the first one on.
 * @returns `[count, dim]`.
 */
export async function embedInParts(
  exchange: Exchange,
  { count, block, dim, what }: PartedList,
  embed: (first: number, length: number) => Promise<Float32Array>,
): Promise<Float32Array> {
  const { first, length } = partOf(count, block, exchange);
  const own = await together(exchange, `embedding ${count} ${what}`, async () => {
    const rows = new Float32Array(length * dim);
    for (let start = 0; start < length; start += block) {
      const size = Math.min(block, length - start);
      rows.set(await embed(first + start, size), start * dim);
    }
    return rows;
  });
  return await exchange.gather(own);
}

/** A process's part of a list whose blocks stay together. */
export function partOf(
  count: number,
  block: number,
  { rank, size }: Pick<Exchange, "rank" | "size">,
): { readonly first: number; readonly length: number } {
  const { start, end } = shareOf({ number: rank + 1, count: size }, count, block);
  return { first: start, length: end - start };
}
