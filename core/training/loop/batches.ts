/**
 * Batches: the order of the examples, their composition, and their way into arrays.
 *
 * @module
 */
import { concatenate } from "../../concatenate.ts";
import { type DataFault, type DataSet, firstWithPicture } from "../../dataset.ts";
import { createNormalizer, type Normalizer } from "../../images/normalize.ts";
import { PictureError } from "../../images/picture_error.ts";
import type { Normalization, Raster } from "../../images/raster.ts";
import type { DualEncoder } from "../../model.ts";
import type {
  AnyComposer,
  AnyObjective,
  Composition,
  EmbeddedComposition,
} from "../../objective.ts";
import { createExampleOrder, type Cursor } from "./cursor.ts";
import { type Identity, identityOf } from "./identity.ts";
import { keepRasters } from "./kept_rasters.ts";
import { createPause } from "./pause.ts";
import { type ReadGroup, readGroups } from "./read_group.ts";
import type { TextGroup } from "./text_group.ts";
import { alone, type Exchange } from "../../processes/exchange.ts";
import { type WholeBatch, wholeBatch } from "./whole_batch.ts";

/** The pictures of one group in a batch, beyond the rows' own. */
export interface PictureGroup {
  /** As the composer and the loss name it. */
  readonly name: string;
  /** Pictures a row. */
  readonly count: number;
  /** `[batch, count]`: 1 where there is such a picture, else 0. */
  readonly present: Float32Array;
}

/** What a step is computed on: the rows of the batch that are this process's own. */
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
  /** The groups that the loss reads by itself. Default: none. */
  readonly read?: readonly ReadGroup[];
  /** Which of the rows and of the texts are the same. */
  readonly identity: Identity;
  /** The example that each row was made of, by index, for a loss that asks for it. */
  readonly examples?: readonly number[];
  /** The rows' own pictures and all texts as they are, for a loss that asks for another model's word. */
  readonly sources?: { readonly pictures: readonly Raster[]; readonly texts: readonly string[] };
  /** The batch of all processes that share it. Default: these rows are all. */
  readonly whole?: WholeBatch;
  /**
   * `[rows, dim]` of the rows' own pictures and `[texts, dim]` of the texts of all groups, where they
   * are known without the towers; `pixels` is empty then.
   */
  readonly embedded?: { readonly image: Float32Array; readonly text: Float32Array };
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
   * @throws {RangeError} if fewer examples than a batch takes can be used.
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
  /** Hears of each example that is left out, by whichever process. */
  readonly onSkip: (fault: DataFault) => void;
  /** Where processes that share the batches meet. Default: this process has all rows. */
  readonly exchange?: Exchange;
  /** The most bytes of resized pictures that are kept for when they come again. Default 0: none. */
  readonly rasterBytes?: number;
}

/** A row as a composer gives it, with its pictures or with what they and its texts came to. */
type ComposedRow = Composition<string, string> | EmbeddedComposition<string>;

/** Examples composed at the same time. */
const AT_ONCE = 16;

/** Milliseconds that composing keeps the thread for itself, and with it a step that is under way. */
const TURN = 4;

/**
 * The stream of a run's batches. Epoch e takes the examples in the order that `(seed, e)` shuffles
 * them into, and what an example becomes depends on `(seed, e, index)` alone. An example that can't
 * be used is replaced by the next one. What is left of an epoch goes over into the next; no batch
 * holds an example twice (see {@linkcode createExampleOrder}).
 *
 * Processes that share a batch have it in parts, one after another: their rows together are those of
 * one process, in the same order. What becomes of an example is known to all of them.
 */
export function createBatchStream(options: BatchOptions): BatchStream {
  const { data, model, batch, seed, onSkip, exchange = alone, rasterBytes = 0 } = options;
  const skipped: DataFault[] = [];
  const normalizerOf = createNormalizers(model.preprocessing);
  const pause = createPause(TURN);
  const order = createExampleOrder(data, seed, options.from);
  const kept = keepRasters(data, rasterBytes);

  const compose = async ({ composer }: AnyObjective, index: number, epoch: number) => {
    const { preprocessing } = model;
    try {
      const context = { data: kept, preprocessing, seed, epoch };
      const rows = await (composer.composeEmbedded ?? composer.compose)(index, context);
      if (rows.length === composer.rows) return rows;
      throw new RangeError(
        `${composer.name}: expected ${composer.rows} rows of example ${data.record(index).id}, ` +
          `found ${rows.length}`,
      );
    } catch (error) {
      if (!(error instanceof PictureError)) throw error;
      return { where: data.record(index).id, reason: error.message };
    }
  };

  /** What becomes of the examples that are this process's, a few at a time. */
  const composeOwn = async (objective: AnyObjective, own: readonly number[], epoch: number) => {
    const composed: Awaited<ReturnType<typeof compose>>[] = [];
    for (let start = 0; start < own.length; start += AT_ONCE) {
      const begun: ReturnType<typeof compose>[] = [];
      for (const index of own.slice(start, start + AT_ONCE)) {
        await pause();
        const example = compose(objective, index, epoch);
        // Its error comes when all are waited for.
        example.catch(() => {});
        begun.push(example);
      }
      composed.push(...await Promise.all(begun));
    }
    return composed;
  };

  return {
    skipped,
    next: async (objective) => {
      const rows: ComposedRow[] = [];
      const pictures: string[] = [];
      const examples: number[] = [];
      let began: number | undefined;
      let share = 0;
      order.begin();
      for (let taken = 0; taken < batch;) {
        const { epoch, indices } = order.take(batch - taken);
        if (indices.length === 0) throw tooFew(data, taken, batch, skipped.at(-1));
        began ??= epoch;
        // Shares never go back, so that all rows together stand in the order of the examples.
        const shares = indices.map((_, i) =>
          share = Math.max(share, Math.floor((taken + i) * exchange.size / batch))
        );
        const own = indices.filter((_, i) => shares[i] === exchange.rank);
        const composed = await composeOwn(objective, own, epoch);
        for (const [i, example] of composed.entries()) {
          if ("reason" in example) continue;
          rows.push(...example);
          examples.push(...example.map(() => own[i]!));
          pictures.push(...example.map(({ shows = [own[i]!] }) => picturesOf(data, shows)));
        }
        const reasons = composed.map((each) => "reason" in each ? each.reason : USABLE);
        for (const [i, reason] of (await exchange.gatherNames(reasons)).entries()) {
          if (reason === USABLE) {
            taken++;
            continue;
          }
          const fault = { where: data.record(indices[i]!).id, reason };
          order.leaveOut(indices[i]!);
          skipped.push(fault);
          onSkip(fault);
        }
      }
      const own = pack({ rows, pictures, examples }, objective, model, normalizerOf);
      const whole = exchange.size === 1 ? {} : { whole: await wholeBatch(own, exchange) };
      return { ...own, ...whole, epoch: began!, next: order.cursor };
    },
  };
}

/** Stands where there is no reason to leave an example out. */
const USABLE = "";

function tooFew(
  { name, length }: DataSet,
  usable: number,
  batch: number,
  last: DataFault | undefined,
): RangeError {
  return new RangeError(
    `${name}: ${
      usable === 0 ? "none" : `${usable}`
    } of its ${length} examples could be used, and ` +
      `a batch takes ${batch} different ones${
        last === undefined ? "" : `; the last one left out: ${last.reason}`
      }`,
  );
}

/** Names the pictures of examples, in whichever order they stand. */
function picturesOf(data: DataSet, examples: readonly number[]): string {
  return examples.map((index) => firstWithPicture(data, index)).sort((a, b) => a - b).join();
}

function pack(
  { rows, pictures: shown, examples }: {
    readonly rows: readonly ComposedRow[];
    readonly pictures: readonly string[];
    readonly examples: readonly number[];
  },
  objective: AnyObjective,
  model: DualEncoder,
  normalizerOf: (normalization: Normalization | undefined) => Normalizer,
): Omit<Batch, "epoch" | "next"> {
  const { composer, loss } = objective;
  const { text, tokenizer } = model;
  const textsOf = (name: string) =>
    rows.flatMap((row) => row.texts[name]!.map((line) => line ?? loss.absent?.[name] ?? ""));
  const groups = loss.needs.map((name): TextGroup => {
    const texts = rows.flatMap((row) => row.texts[name]!);
    return {
      name,
      count: composer.groups[name]!,
      tokens: textsOf(name).map((line) => tokenizer.encode(line, text.contextLength)),
      present: Float32Array.from(texts, (line) => line === null ? 0 : 1),
    };
  });
  const embedded = rows.filter((row) => "embeddings" in row);
  const composed = rows.filter((row): row is Composition<string, string> => "image" in row);
  return {
    ids: rows.map(({ id }) => id),
    ...(embedded.length > 0
      ? { pixels: new Float32Array(), embedded: packEmbeddings(embedded, objective, model) }
      : packPictures(composed, objective, model, normalizerOf)),
    groups,
    ...(loss.reads === undefined ? {} : {
      read: readGroups(loss, (name) => rows.flatMap((row) => row.texts[name]!), composer.groups),
    }),
    identity: identityOf(shown, groups),
    ...(loss.extras?.includes("example") ? { examples } : {}),
    ...(loss.extras?.includes("frozen")
      ? {
        sources: {
          pictures: composed.map(({ image }) => image),
          texts: loss.needs.flatMap(textsOf),
        },
      }
      : {}),
  };
}

/** Embeddings of rows, in the order in which towers give them. */
function packEmbeddings(
  rows: readonly EmbeddedComposition<string>[],
  { name, composer, loss }: AnyObjective,
  { dim }: DualEncoder,
): NonNullable<Batch["embedded"]> {
  const extras = (loss.extras ?? []).filter((extra) => extra !== "example");
  const asked = [...extras, ...loss.pictures ?? [], ...Object.keys(loss.absent ?? {})];
  if (asked.length > 0) {
    throw new RangeError(
      `objectives.${name}: expected a loss that asks for embeddings alone, as ${composer.name} ` +
        `gives nothing else, found one that asks for ${asked.join(", ")}`,
    );
  }
  const joined = (parts: readonly Float32Array[]) => {
    for (const { length } of parts) {
      if (length === dim) continue;
      throw new TypeError(
        `objectives.${name}: ${composer.name}: expected embeddings of ${dim} values, as the model ` +
          `gives, found one of ${length}`,
      );
    }
    return concatenate(Float32Array, parts);
  };
  return {
    image: joined(rows.map(({ embeddings }) => embeddings.image)),
    text: joined(
      loss.needs.flatMap((group) => rows.flatMap(({ embeddings }) => embeddings.texts[group]!)),
    ),
  };
}

function packPictures(
  rows: readonly Composition<string, string>[],
  { composer, loss }: AnyObjective,
  { preprocessing: { size } }: DualEncoder,
  normalizerOf: (normalization: Normalization | undefined) => Normalizer,
): Pick<Batch, "pixels" | "images"> {
  const each = 3 * size * size;
  const further = (loss.pictures ?? []).map((name) => ({
    name,
    count: composer.pictures![name]!,
    pictures: rows.flatMap((row) => furtherPictures(row, name, composer)),
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
  return { pixels, ...(images.length === 0 ? {} : { images }) };
}

function furtherPictures(
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
