/**
 * An encoder that embeds nothing twice.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Encoder } from "../../evaluator.ts";
import { checkEmbeddings, nameEmbeddings, pictureAt } from "../../embedding_error.ts";
import type { Raster } from "../../images/raster.ts";
import { alone, type Exchange } from "../../processes/exchange.ts";
import { embedInParts } from "../../processes/parted_encoder.ts";
import { fromFirst } from "../../processes/together.ts";
import { StorageError } from "../storage/storage_error.ts";
import { type EmbeddingStore, openEmbeddingStore } from "./embedding_store.ts";

/** Where {@linkcode cachedEncoder} keeps embeddings. */
export interface EmbeddingCacheOptions {
  /** The folder of the cache: one file a tower. Made when it is first needed. */
  readonly folder: string;
  /** Names the towers, as {@linkcode towerFingerprints} does: 64 hexadecimal digits each. */
  readonly keys: { readonly image: string; readonly text: string };
  /**
   * The most bytes that the folder may take: other towers' files are removed, those used longest ago
   * first, and what does not fit even so, each tower's file in its half, is embedded again the next
   * time. Default: 4 GiB, about a million embeddings of 512 values a tower.
   */
  readonly maxBytes?: number;
  /** Hears when the cache cannot be written; embedding goes on. */
  readonly log?: (line: string) => void;
  /**
   * Where processes meet that ask for the same: the first one's files count, and it alone reads and
   * writes them. Default: this process is alone.
   */
  readonly exchange?: Exchange;
}

/** An encoder that tells what it has saved. */
export interface CachedEncoder extends Encoder {
  /** Embeddings since it was made; equal texts or pictures of one call count once. */
  readonly counts: {
    /** Taken from the cache. */
    readonly reused: number;
    /** Computed. */
    readonly computed: number;
  };
}

/** Pictures, or texts, that are embedded before their rows are written. */
const IMAGE_BLOCK = 256;
const TEXT_BLOCK = 512;
/** Pictures without a key that are in memory at a time. */
const RASTER_BLOCK = 64;
/** Files that are read at a time for their keys. */
const KEYS_AT_ONCE = 16;

/**
 * An encoder in front of another one that keeps every embedding on disk, by the text itself or what
 * the picture shows, so that a second run of any benchmark on the same model computes nothing, and
 * an interrupted one goes on; after training that leaves one tower as it was, only the other one's are
 * computed. Pictures whose benchmark names them (see `Encoder.images`) are not even decoded. Texts and
 * pictures that stand several times are embedded once. An embedding that is not finite or has length
 * 0 is an {@linkcode EmbeddingError} and is not kept.
 *
 * @param encoder Embeds what is not there yet.
 *
 * @example
 * ```ts
 * import type { Encoder } from "@syntagma/syntagma";
 * import { cachedEncoder } from "./embedding_cache.ts";
 *
 * const encoder: Encoder = {
 *   dim: 1,
 *   images: (count) => Promise.resolve(new Float32Array(count)),
 *   texts: (texts) => Promise.resolve(Float32Array.from(texts, (text) => text.length)),
 * };
 * const cached = cachedEncoder(encoder, {
 *   folder: await Deno.makeTempDir(),
 *   keys: { image: "0".repeat(64), text: "1".repeat(64) },
 * });
 * await cached.texts(["a cat", "a dog"]);
 * await cached.texts(["a cat"]);
 * console.assert(cached.counts.computed === 2 && cached.counts.reused === 1);
 * ```
 */
export function cachedEncoder(encoder: Encoder, options: EmbeddingCacheOptions): CachedEncoder {
  const { dim } = encoder;
  const counts = { reused: 0, computed: 0 };
  const { folder, keys, maxBytes = 4 * 2 ** 30, log = () => {}, exchange = alone } = options;
  const isFirst = exchange.rank === 0;
  for (const [tower, key] of Object.entries(keys)) {
    if (/^[0-9a-f]{64}$/.test(key)) continue;
    throw new RangeError(`keys.${tower}: expected 64 hexadecimal digits, found "${key}"`);
  }
  let writable = isFirst;
  /** The embeddings are at hand, or can be computed: a full disk is no reason to lose them. */
  const giveUp = (error: unknown) => {
    if (!(error instanceof StorageError)) throw error;
    if (writable) log(`embeddings are no longer kept: ${error.message}`);
    writable = false;
  };
  const paths = [keys.image, keys.text].map((key) => join(folder, `${key}${SUFFIX}`));
  const opener = (path: string) => {
    let opening: Promise<EmbeddingStore> | undefined;
    return () =>
      opening ??= !isFirst
        ? Promise.resolve(NO_STORE)
        : openEmbeddingStore(path, dim, maxBytes / 2).catch((error) => {
          giveUp(error);
          return NO_STORE;
        });
  };
  const [images, texts] = paths.map(opener) as [OpenStore, OpenStore];

  /** Embeds what is missing block by block, and gives a row for every key. */
  const embed = async (
    open: OpenStore,
    keys: readonly string[],
    block: number,
    compute: (places: readonly number[]) => Promise<Float32Array>,
    itemOf: (place: number) => string,
    what: string,
    order: (places: number[]) => number[] = (places) => places,
  ): Promise<Float32Array> => {
    const store = await open();
    const result = new Float32Array(keys.length * dim);
    const firstOf = new Map<string, number>();
    keys.forEach((key, place) => {
      if (!firstOf.has(key)) firstOf.set(key, place);
    });
    const first = [...firstOf.values()];
    const known = await fromFirst(
      exchange,
      () => Promise.resolve(first.filter((place) => store.has(keys[place]!))),
    );
    if (isFirst) store.read(known.map((place) => keys[place]!), result, known);
    await shareRows(result, known);
    counts.reused += known.length;
    const isKnown = new Set(known);
    const missing = order(first.filter((place) => !isKnown.has(place)));
    // A block for each process.
    const step = block * exchange.size;
    for (let start = 0; start < missing.length; start += step) {
      const places = missing.slice(start, start + step);
      const list = { count: places.length, block, dim, what };
      const rows = await embedInParts(
        exchange,
        list,
        (first, length) => compute(places.slice(first, first + length)),
      );
      checkEmbeddings("encoder", rows, dim, (row) => itemOf(places[row]!));
      counts.computed += places.length;
      const entries = places.map((place, i) => ({
        key: keys[place]!,
        row: rows.subarray(i * dim, (i + 1) * dim),
      }));
      for (const [i, place] of places.entries()) result.set(entries[i]!.row, place * dim);
      if (writable) await keep(store, entries);
    }
    keys.forEach((key, place) => {
      const first = firstOf.get(key)!;
      if (first !== place) result.copyWithin(place * dim, first * dim, (first + 1) * dim);
    });
    return result;
  };

  /** Puts the first process's rows at these places into the others' results. */
  const shareRows = async (result: Float32Array, places: readonly number[]) => {
    if (exchange.size === 1 || places.length === 0) return;
    const rows = new Float32Array(isFirst ? places.length * dim : 0);
    if (isFirst) {
      for (const [i, place] of places.entries()) {
        rows.set(result.subarray(place * dim, (place + 1) * dim), i * dim);
      }
    }
    const all = await exchange.gather(rows);
    for (const [i, place] of places.entries()) {
      result.set(all.subarray(i * dim, (i + 1) * dim), place * dim);
    }
  };

  const keep = async (store: EmbeddingStore, entries: Parameters<EmbeddingStore["append"]>[0]) => {
    try {
      await makeRoom(folder, paths, maxBytes - entries.length * store.recordBytes);
      await store.append(entries);
    } catch (error) {
      giveUp(error);
    }
  };

  return {
    dim,
    counts,
    texts: (lines) =>
      embed(
        texts,
        lines.map((line) => hashOf("text", line)),
        TEXT_BLOCK,
        (places) => encoder.texts(places.map((place) => lines[place]!)),
        (place) => JSON.stringify(lines[place]),
        "texts",
        // Short texts with short ones, so that a block is cut at its longest.
        (places) => places.toSorted((a, b) => lines[a]!.length - lines[b]!.length || a - b),
      ),
    images: async (count, picture, key) => {
      if (key !== undefined) {
        return await embed(
          images,
          await fromFirst(exchange, () => readKeys(count, key)),
          IMAGE_BLOCK,
          (places) =>
            nameEmbeddings(
              encoder.images(places.length, (i) => picture(places[i]!)),
              (row) => places[row]!,
            ),
          pictureAt,
          "pictures",
        );
      }
      const result = new Float32Array(count * dim);
      const block = RASTER_BLOCK * exchange.size;
      for (let start = 0; start < count; start += block) {
        const size = Math.min(block, count - start);
        const rasters = await Promise.all(
          Array.from({ length: size }, (_, i) => picture(start + i)),
        );
        const rows = await embed(
          images,
          rasters.map(hashOfRaster),
          RASTER_BLOCK,
          (places) =>
            nameEmbeddings(
              encoder.images(places.length, (i) => Promise.resolve(rasters[places[i]!]!)),
              (row) => start + places[row]!,
            ),
          (place) => pictureAt(start + place),
          "pictures",
        );
        result.set(rows, start * dim);
      }
      return result;
    },
  };
}

async function readKeys(
  count: number,
  key: (index: number) => Promise<string>,
): Promise<string[]> {
  const keys: string[] = [];
  for (let start = 0; start < count; start += KEYS_AT_ONCE) {
    const size = Math.min(KEYS_AT_ONCE, count - start);
    keys.push(
      ...await Promise.all(
        Array.from({ length: size }, async (_, i) => hashOf("key", await key(start + i))),
      ),
    );
  }
  return keys;
}

const SUFFIX = ".embeddings";

type OpenStore = () => Promise<EmbeddingStore>;

/** Where nothing can be kept. */
const NO_STORE: EmbeddingStore = {
  recordBytes: 0,
  has: () => false,
  read: () => {},
  append: () => Promise.resolve(),
};

/** Removes files of other towers, those used longest ago first, until the folder is small enough. */
async function makeRoom(folder: string, own: readonly string[], maxBytes: number): Promise<void> {
  const files: { readonly path: string; readonly size: number; readonly used: number }[] = [];
  try {
    for await (const { name, isFile } of Deno.readDir(folder)) {
      if (!isFile || !name.endsWith(SUFFIX)) continue;
      const file = join(folder, name);
      const { size, mtime } = await Deno.stat(file);
      files.push({ path: file, size, used: mtime?.getTime() ?? 0 });
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  let total = files.reduce((sum, { size }) => sum + size, 0);
  for (const file of files.toSorted((a, b) => a.used - b.used)) {
    if (own.includes(file.path) || total <= maxBytes) continue;
    await Deno.remove(file.path).catch(() => {});
    total -= file.size;
  }
}

function hashOf(kind: string, content: string): string {
  return createHash("sha256").update(`${kind}\n${content}`).digest("hex");
}

function hashOfRaster({ width, height, data, indexed = false, opacity }: Raster): string {
  const head = `raster\n${width} ${height} ${indexed} ${opacity !== undefined}\n`;
  return createHash("sha256").update(head).update(data).update(opacity ?? "").digest("hex");
}
