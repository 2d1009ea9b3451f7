import { createHash } from "node:crypto";
import { PictureError } from "../../core/images/picture_error.ts";
import type { Raster } from "../../core/images/raster.ts";
import type { Composer, Composition, EmbeddedComposition } from "../../core/objective.ts";
import type { PrepareContext } from "../../core/prepare_context.ts";
import { keepRasters } from "../../core/training/loop/kept_rasters.ts";

/** Examples composed and embedded together. */
const BLOCK = 256;
/** What the pictures of a block may take, so that all of 400 pixels have room. */
const BLOCK_BYTES = 2 ** 27;
/** Examples between two lines of progress. */
const LOG_EVERY = 16 * BLOCK;
/** Examples composed at the same time. */
const AT_ONCE = 16;

/** Every example's rows with their embeddings. */
export interface EmbeddedRows {
  /** The rows of example `index`, or why its picture cannot be used. */
  at(index: number): readonly EmbeddedComposition<string>[] | PictureError;
}

/** Composes every example of the data once and embeds its pictures and texts, equal ones once. */
export async function embedComposed(
  composer: Composer<string>,
  seed: number,
  context: Pick<PrepareContext, "data" | "keptEncoder" | "log" | "preprocessing">,
): Promise<EmbeddedRows> {
  const { log, preprocessing } = context;
  if (Object.keys(composer.pictures ?? {}).length > 0) {
    throw new RangeError(
      `onEmbeddings: expected rows with one picture, found ${composer.name}, which has more`,
    );
  }
  const encoder = await context.keptEncoder();
  const rows: (readonly EmbeddedComposition<string>[] | PictureError)[] = [];
  const pictures = keeper(encoder.dim);
  const texts = keeper(encoder.dim);
  const { length } = context.data;
  for (let start = 0; start < length; start += BLOCK) {
    // Captions of a picture stand beside each other: with COCO's five a fifth of the decoding.
    const data = keepRasters(context.data, BLOCK_BYTES);
    const size = Math.min(BLOCK, length - start);
    const composed: (readonly Composition<string>[] | PictureError)[] = [];
    for (let at = 0; at < size; at += AT_ONCE) {
      const indices = Array.from(
        { length: Math.min(AT_ONCE, size - at) },
        (_, i) => start + at + i,
      );
      composed.push(
        ...await Promise.all(
          indices.map((index) =>
            composer.compose(index, { data, preprocessing, seed, epoch: 0 }).catch((error) => {
              if (error instanceof PictureError) return error;
              throw error;
            })
          ),
        ),
      );
    }
    const all = composed.flatMap((each) => each instanceof PictureError ? [] : [...each]);
    checkNormalization(composer, all);
    const keys = new Map(
      [...new Set(all.map(({ image }) => image))].map((each) => [each, hashOf(each)]),
    );
    await pictures.add(
      [...keys].map(([image, key]) => [key, image] as const),
      (missing) => encoder.images(missing.length, (i) => Promise.resolve(missing[i]!)),
    );
    await texts.add(
      ["", ...all.flatMap((row) => Object.values(row.texts).flat())]
        .flatMap((text) => text === null ? [] : [[text, text] as const]),
      (missing) => encoder.texts(missing),
    );
    rows.push(
      ...composed.map((each) =>
        each instanceof PictureError ? each : each.map(({ id, shows, image, texts: own }) => ({
          id,
          ...(shows === undefined ? {} : { shows }),
          texts: own,
          embeddings: {
            image: pictures.at(keys.get(image)!),
            texts: Object.fromEntries(
              Object.entries(own).map(([group, some]) => [
                group,
                some.map((text) => texts.at(text ?? "")),
              ]),
            ),
          },
        }))
      ),
    );
    const done = start + size;
    if (done % LOG_EVERY === 0 || done === length) {
      log(`onEmbeddings: embedded ${done} of ${length} examples`);
    }
  }
  return { at: (index) => rows[index]! };
}

function checkNormalization(
  { name }: Composer<string>,
  rows: readonly Composition<string>[],
): void {
  const other = rows.find(({ normalization }) => normalization !== undefined);
  if (other === undefined) return;
  throw new RangeError(
    `onEmbeddings: expected rows with the model's own normalisation, found another in ${name}, ` +
      `row ${other.id}`,
  );
}

/** Embeds what it has not embedded yet. */
function keeper(dim: number) {
  const known = new Map<string, Float32Array>();
  return {
    async add<T>(
      entries: readonly (readonly [key: string, value: T])[],
      embed: (missing: readonly T[]) => Promise<Float32Array>,
    ): Promise<void> {
      const missing = [...new Map(entries)].filter(([key]) => !known.has(key));
      if (missing.length === 0) return;
      const found = await embed(missing.map(([, value]) => value));
      for (const [i, [key]] of missing.entries()) {
        known.set(key, found.subarray(i * dim, (i + 1) * dim));
      }
    },
    at: (key: string): Float32Array => known.get(key)!,
  };
}

function hashOf({ width, height, data }: Raster): string {
  return createHash("sha256").update(`${width} ${height}\n`).update(data).digest("base64");
}
