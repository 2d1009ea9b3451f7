/**
 * Batches: the order of the examples, their composition, and their way into arrays.
 *
 * @module
 */
import type { DataFault, DataSet } from "../../dataset.ts";
import { createNormalizer, type Normalizer } from "../../images/normalize.ts";
import { ImageError } from "../../images/image_error.ts";
import type { Normalization, Raster } from "../../images/raster.ts";
import type { DualEncoder } from "../../model.ts";
import type { AnyComposer, AnyObjective, Composition } from "../../objective.ts";
import { createRandom } from "../../random.ts";

/** The texts of one group in a batch. */
export interface TextGroup {
  /** As the composer and the loss name it: `"caption"`, `"negative"`. */
  readonly name: string;
  /** Texts a row. */
  readonly count: number;
  /** `batch · count` lists of token ids, row by row. */
  readonly tokens: readonly (readonly number[])[];
  /** `[batch, count]`: 1 where there is such a text, else 0. */
  readonly present: Float32Array;
}

/** A place in the endless order of examples. */
export interface Cursor {
  /** Times through the data. */
  readonly epoch: number;
  /** Examples of this epoch that were taken. */
  readonly position: number;
}

/** The pictures of one group in a batch, beyond the rows' own. */
export interface PictureGroup {
  /** As the composer and the loss name it. */
  readonly name: string;
  /** Pictures a row. */
  readonly count: number;
  /** `[batch, count]`: 1 where there is such a picture, else 0. */
  readonly present: Float32Array;
}

/** What a step is computed on. */
export interface Batch {
  /** What each row was made of. */
  readonly ids: readonly string[];
  /**
   * `[pictures, 3, size, size]`, normalised: the rows' own pictures, then those of further groups, one
   * group after another, each row by row. A picture that is not there is zeros.
   */
  readonly pixels: Float32Array;
  /** The groups of pictures beyond the rows' own that the loss needs. Default: none. */
  readonly images?: readonly PictureGroup[];
  /** The groups that the loss needs. */
  readonly groups: readonly TextGroup[];
  /** The rows' own pictures and all texts as they are, for a loss that asks for another model's word. */
  readonly sources?: { readonly pictures: readonly Raster[]; readonly texts: readonly string[] };
  /** The epoch that the batch began in. */
  readonly epoch: number;
  /** Where the next batch begins. */
  readonly next: Cursor;
}

/** Makes one batch after another. */
export interface BatchStream {
  /**
   * The next batch, composed for an objective; calls must not overlap.
   *
   * @throws {RangeError} if a whole epoch has no example that can be used.
   */
  next(objective: AnyObjective): Promise<Batch>;
  /** Examples that were left out because a picture could not be decoded. */
  readonly skipped: readonly DataFault[];
}

/** What {@linkcode createBatchStream} needs. */
export interface BatchOptions {
  /** The examples. */
  readonly data: DataSet;
  /** Whose tokenizer and preprocessing make arrays of them. */
  readonly model: DualEncoder;
  /** Examples of each batch; each gives as many rows as the composer says. */
  readonly batch: number;
  /** The run's seed; order and composition follow from it. */
  readonly seed: number;
  /** Where to begin. */
  readonly from: Cursor;
  /** Hears of each example that is left out. */
  readonly onSkip: (fault: DataFault) => void;
}

/** Examples composed at the same time. */
const AT_ONCE = 16;

/**
 * The stream of a run's batches. Epoch e takes the examples in the order that `(seed, e)` shuffles
 * them into, and what an example becomes depends on `(seed, e, index)` alone. An example that can't
 * be used is replaced by the next one.
 */
export function createBatchStream(options: BatchOptions): BatchStream {
  const { data, model, batch, seed, onSkip } = options;
  const skipped: DataFault[] = [];
  const normalizerOf = createNormalizers(model.preprocessing);
  let cursor = options.from;
  let order = epochOrder(data.length, seed, cursor.epoch);

  const turnEpoch = () => {
    if (cursor.position < order.length) return;
    cursor = { epoch: cursor.epoch + 1, position: 0 };
    order = epochOrder(data.length, seed, cursor.epoch);
  };
  const compose = async ({ composer }: AnyObjective, index: number, epoch: number) => {
    const { preprocessing } = model;
    try {
      const rows = await composer.compose(index, { data, preprocessing, seed, epoch });
      if (rows.length === composer.rows) return rows;
      throw new RangeError(
        `${composer.name}: expected ${composer.rows} rows of example ${data.record(index).id}, ` +
          `found ${rows.length}`,
      );
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      return { where: data.record(index).id, reason: error.message };
    }
  };

  return {
    skipped,
    next: async (objective) => {
      turnEpoch();
      const { epoch } = cursor;
      const rows: Composition<string, string>[] = [];
      let barren = 0;
      for (let taken = 0; taken < batch;) {
        turnEpoch();
        const count = Math.min(batch - taken, AT_ONCE, order.length - cursor.position);
        const chosen = order.subarray(cursor.position, cursor.position + count);
        const at = cursor.epoch;
        cursor = { epoch: at, position: cursor.position + count };
        const composed = await Promise.all(
          Array.from(chosen, (index) => compose(objective, index, at)),
        );
        for (const example of composed) {
          if ("reason" in example) {
            barren++;
            skipped.push(example);
            onSkip(example);
          } else {
            barren = 0;
            taken++;
            rows.push(...example);
          }
        }
        // So many in a row hold a whole epoch, wherever they began.
        if (barren >= 2 * data.length - 1) {
          throw new RangeError(
            `${data.name}: none of its ${data.length} examples could be used` +
              (skipped.length === 0 ? "" : `; the last one: ${skipped.at(-1)!.reason}`),
          );
        }
      }
      return pack(rows, objective, model, normalizerOf, epoch, cursor);
    },
  };
}

function epochOrder(length: number, seed: number, epoch: number): Uint32Array {
  const random = createRandom(seed, "order", epoch);
  const order = Uint32Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    const kept = order[i]!;
    order[i] = order[j]!;
    order[j] = kept;
  }
  return order;
}

function pack(
  rows: readonly Composition<string, string>[],
  { composer, loss }: AnyObjective,
  { preprocessing: { size }, text, tokenizer }: DualEncoder,
  normalizerOf: (normalization: Normalization | undefined) => Normalizer,
  epoch: number,
  next: Cursor,
): Batch {
  const each = 3 * size * size;
  const further = (loss.pictures ?? []).map((name) => ({
    name,
    count: composer.pictures![name]!,
    pictures: rows.flatMap((row) => picturesOf(row, name, composer)),
  }));
  const pictures = [...rows, ...further.flatMap(({ pictures }) => pictures)];
  const pixels = new Float32Array(pictures.length * each);
  for (const [i, { image, normalization }] of pictures.entries()) {
    if (image !== null) normalizerOf(normalization)(image, pixels, i * each);
  }
  const images = further.map(({ name, count, pictures }) => ({
    name,
    count,
    present: Float32Array.from(pictures, ({ image }) => image === null ? 0 : 1),
  }));
  const textsOf = (name: string) =>
    rows.flatMap((row) => row.texts[name]!.map((line) => line ?? loss.absent?.[name] ?? ""));
  const groups = loss.needs.map((name): TextGroup => {
    const count = composer.groups[name]!;
    const texts = rows.flatMap((row) => row.texts[name]!);
    const absent = loss.absent?.[name] ?? "";
    return {
      name,
      count,
      tokens: texts.map((line) => tokenizer.encode(line ?? absent, text.contextLength)),
      present: Float32Array.from(texts, (line) => line === null ? 0 : 1),
    };
  });
  return {
    ids: rows.map(({ id }) => id),
    pixels,
    ...(images.length === 0 ? {} : { images }),
    groups,
    ...(loss.extras?.includes("frozen")
      ? {
        sources: {
          pictures: rows.map(({ image }) => image),
          texts: loss.needs.flatMap(textsOf),
        },
      }
      : {}),
    epoch,
    next,
  };
}

function picturesOf(
  { id, images, normalization }: Composition<string, string>,
  group: string,
  { name, pictures }: AnyComposer,
) {
  const found = images?.[group] ?? [];
  if (found.length === pictures![group]) return found.map((image) => ({ image, normalization }));
  throw new RangeError(
    `${name}: expected ${pictures![group]} pictures "${group}" of row ${id}, found ${found.length}`,
  );
}

function createNormalizers(
  own: Normalization,
): (normalization: Normalization | undefined) => Normalizer {
  const known = new Map<string, Normalizer>();
  return (normalization = own) => {
    const { mean, deviation, scale } = normalization;
    const key = [...mean, ...deviation, scale].join();
    let normalizer = known.get(key);
    if (normalizer === undefined) {
      known.set(key, normalizer = createNormalizer(normalization));
    }
    return normalizer;
  };
}
