import type { Encoder } from "../../evaluator.ts";
import { alone, type Exchange } from "../../processes/exchange.ts";
import { partedEncoder } from "../../processes/parted_encoder.ts";
import {
  type CachedEncoder,
  cachedEncoder,
  type EmbeddingCacheOptions,
} from "./embedding_cache.ts";

/** How far a benchmark's pictures or texts have come. */
export interface EncoderProgress {
  /** What is embedded. */
  readonly kind: "pictures" | "texts";
  /** How many are done. */
  readonly done: number;
  /** How many there are. */
  readonly total: number;
  /** How many are computed in a second; 0 while it is not known. */
  readonly perSecond: number;
}

/** What {@linkcode watchedEncoder} needs. */
export interface WatchOptions {
  /** The cache of embeddings; without one everything is computed. */
  readonly cache?: Pick<EmbeddingCacheOptions, "folder" | "keys"> | undefined;
  /** Hears how far the work has come. */
  readonly onProgress: (info: EncoderProgress) => void;
  /** Hears when embeddings cannot be kept. */
  readonly log: (line: string) => void;
  /** Asks to stop: the next picture or block of texts is refused. */
  readonly signal?: AbortSignal | undefined;
  /** The processes that share the work. Default: this one does it alone. */
  readonly parted?: PartedWork | undefined;
}

/** How an encoder's work is parted over processes. */
export interface PartedWork {
  /** Where they meet. */
  readonly exchange: Exchange;
  /** Pictures that the encoder embeds together. */
  readonly chunk: number;
}

type Kind = EncoderProgress["kind"];

/** Texts between two reports. */
const TEXTS_AT_ONCE = 512;

/**
 * An encoder whose work is kept, can be followed and can be stopped: its methods throw the reason of
 * `signal` once that is aborted.
 */
export function watchedEncoder(
  encoder: Encoder,
  { cache, onProgress, log, signal, parted = { exchange: alone, chunk: 1 } }: WatchOptions,
): Encoder & { readonly counts: CachedEncoder["counts"] } {
  let call = { kind: "texts" as Kind, total: 0, reusedBefore: 0, computed: 0, began: 0 };
  const counted = { reused: 0, computed: 0 };
  const { exchange } = parted;
  const tick = (count: number) => {
    signal?.throwIfAborted();
    // The others have come about as far.
    call.computed += count * exchange.size;
    const reused = counts().reused - call.reusedBefore;
    const seconds = (performance.now() - call.began) / 1000;
    onProgress({
      kind: call.kind,
      done: Math.min(call.total, reused + call.computed),
      total: call.total,
      perSecond: seconds > 0 ? call.computed / seconds : 0,
    });
  };
  /** Sees what has to be computed. */
  const working: Encoder = {
    dim: encoder.dim,
    images: (count, picture, key) =>
      encoder.images(count, async (index) => {
        const raster = await picture(index);
        tick(1);
        return raster;
      }, key),
    texts: async (texts) => {
      const result = new Float32Array(texts.length * encoder.dim);
      for (let start = 0; start < texts.length; start += TEXTS_AT_ONCE) {
        const part = texts.slice(start, start + TEXTS_AT_ONCE);
        result.set(await encoder.texts(part), start * encoder.dim);
        tick(part.length);
      }
      return result;
    },
  };
  const kept = cache === undefined
    ? undefined
    : cachedEncoder(working, { ...cache, log, exchange });
  const blocks = { pictures: parted.chunk, texts: TEXTS_AT_ONCE };
  const outer = kept ?? partedEncoder(working, exchange, blocks);
  const counts = () => kept?.counts ?? counted;
  const begin = (kind: Kind, total: number) => {
    const { reused } = counts();
    call = { kind, total, reusedBefore: reused, computed: 0, began: performance.now() };
  };
  return {
    dim: encoder.dim,
    get counts() {
      return counts();
    },
    images: async (count, picture, key) => {
      begin("pictures", count);
      const rows = await outer.images(count, picture, key);
      counted.computed += count;
      return rows;
    },
    texts: async (texts) => {
      begin("texts", texts.length);
      const rows = await outer.texts(texts);
      counted.computed += texts.length;
      return rows;
    },
  };
}
