import type { Assets } from "../../core/assets.ts";
import { packageFile } from "../../core/host/assets/package_file.ts";

/** The parts that words are made of, and their ids. */
export interface BytePairs {
  /** The id before every text. */
  readonly start: number;
  /** The id after every text. */
  readonly end: number;
  /** The ids of one word: its bytes, joined pair by pair as long as the vocabulary knows a pair. */
  encode(word: string): readonly number[];
}

/** Lines of the vocabulary file that CLIP uses: its first 49152 tokens less the bytes and specials. */
const MERGES = 49152 - 256 - 2;

/** Of the file as OpenAI published it. */
const SHA256 = "924691ac288e54409236115652ad4aa250f48203de50a9e4722a6ecd48d6804a";

/**
 * Loads the vocabulary that is shipped beside this module.
 *
 * @throws as {@linkcode readMerges}.
 */
export async function readBytePairs(assets?: Assets): Promise<BytePairs> {
  return createBytePairs(await readMerges(assets));
}

/**
 * The pairs of the vocabulary that is shipped beside this module, the earliest first.
 *
 * @param assets Keeps it where this module was loaded from a server. Default: the environment's.
 * @throws {AssetError} if it cannot be had, or is another file.
 * @throws {SyntaxError} if it is cut short.
 */
export async function readMerges(assets?: Assets): Promise<readonly string[]> {
  const path = await packageFile("./bpe_simple_vocab_16e6.txt.gz", import.meta.url, {
    sha256: SHA256,
    assets,
  });
  const file = await Deno.open(path);
  const unpacked = file.readable.pipeThrough(new DecompressionStream("gzip"));
  const text = await new Response(unpacked).text();
  // The first line names the file's version.
  const merges = text.split("\n", MERGES + 1).slice(1);
  if (merges.length < MERGES) {
    throw new SyntaxError(`${path}: expected ${MERGES} pairs, found ${merges.length}`);
  }
  return merges;
}

/**
 * Ids stand in the order of the vocabulary: 256 bytes, 256 bytes that end a word, then one token
 * for each pair, so that the id of a joined pair also tells how early it is to be joined.
 */
function createBytePairs(merges: readonly string[]): BytePairs {
  const symbols = byteSymbols();
  const ids = byteIds();
  const bytes = Int32Array.from({ length: 256 }, (_, byte) => ids.get(symbols.get(byte)!)!);
  // From two ids, the left one times 2^16, to the id of both joined.
  const joined = new Map<number, number>();
  for (const merge of merges) {
    const [left, right] = merge.split(" ");
    const [leftId, rightId] = [ids.get(left!), ids.get(right ?? "")];
    if (leftId === undefined || rightId === undefined) {
      throw new SyntaxError(`CLIP's vocabulary: expected two known tokens, found "${merge}"`);
    }
    joined.set(leftId * 65536 + rightId, ids.size);
    ids.set(`${left}${right}`, ids.size);
  }
  const encoder = new TextEncoder();
  return {
    start: ids.size,
    end: ids.size + 1,
    encode(word) {
      const parts = Array.from(encoder.encode(word), (byte) => bytes[byte]!);
      if (parts.length > 0) parts[parts.length - 1]! += 256;
      while (joinEarliest(parts, joined));
      return parts;
    },
  };
}

/** The ids of single bytes, inside of words and at their ends. */
export function byteIds(): Map<string, number> {
  const symbols = [...byteSymbols().values()];
  return new Map([...symbols, ...symbols.map((symbol) => `${symbol}</w>`)].map((s, i) => [s, i]));
}

/** Joins every occurrence of the pair that comes first in the vocabulary; false if there is none. */
function joinEarliest(parts: number[], joined: ReadonlyMap<number, number>): boolean {
  let best = Infinity;
  let pair = -1;
  for (let i = 0; i + 1 < parts.length; i++) {
    const key = parts[i]! * 65536 + parts[i + 1]!;
    const id = joined.get(key);
    if (id !== undefined && id < best) {
      best = id;
      pair = key;
    }
  }
  if (pair < 0) return false;
  let length = 0;
  for (let i = 0; i < parts.length; i++) {
    const found = i + 1 < parts.length && parts[i]! * 65536 + parts[i + 1]! === pair;
    parts[length++] = found ? best : parts[i]!;
    if (found) i++;
  }
  parts.length = length;
  return true;
}

/**
 * The printable character that stands for each byte in the vocabulary file, in the file's order:
 * printable bytes of Latin-1 stand for themselves, the others for characters from U+0100 on
 * (GPT-2's `bytes_to_unicode`).
 */
function byteSymbols(): ReadonlyMap<number, string> {
  const printable = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  const all = Array.from({ length: 256 }, (_, byte) => byte);
  const others = all.filter((byte) => !printable(byte));
  return new Map([
    ...all.filter(printable).map((byte) => [byte, String.fromCharCode(byte)] as const),
    ...others.map((byte, i) => [byte, String.fromCharCode(256 + i)] as const),
  ]);
}
