/**
 * Data: pictures with captions, read at random. The captions and the size of an example are cheap;
 * its pixels are decoded when asked for.
 *
 * @module
 */
import type { Component } from "./component.ts";
import type { Context } from "./context.ts";
import type { PictureOperation } from "./images/operation.ts";
import type { Raster } from "./images/raster.ts";

/** One picture and its captions, without the pixels. */
export interface ExampleRecord {
  /** Names the example in logs and errors: a path, a key, an index of a procedural world. */
  readonly id: string;
  /** At least one caption; the first is the picture's main sentence. */
  readonly captions: readonly string[];
}

/** A row or file of a data set that could not be used. */
export interface DataFault {
  /** Where it is: a path, with the row or key inside it. */
  readonly where: string;
  /** What was expected and what was found. */
  readonly reason: string;
}

/** Pictures with captions, by index. */
export interface DataSet {
  /** For people: the file or world that the data came from. */
  readonly name: string;
  /** How many examples there are. */
  readonly length: number;
  /** Rows that were left out when the set was opened; where they are very many, the first ones. */
  readonly faults: readonly DataFault[];
  /** How many rows were left out. Default: as many as there are faults. */
  readonly faultCount?: number;
  /** The captions of example `index` (0-based). */
  record(index: number): ExampleRecord;
  /**
   * Width and height of the picture of example `index`, read from its header and remembered.
   *
   * @throws {PictureError} if the file is missing or not a picture.
   */
  size(index: number): Promise<{ readonly width: number; readonly height: number }>;
  /**
   * The picture of example `index`, decoded and, so that it can be done away from the thread that
   * trains, cropped or resized on the way. The same each time, and for all examples that share the
   * picture: in training the data that composers are given keep what is small (a square, a squashed
   * picture) for when it comes again, ask the first of these examples alone, and hand out copies, which
   * may be changed. What is random, as a part of the picture, is the composer's to draw (`"cut"`).
   *
   * @param operation Default: the picture as it is.
   * @throws {PictureError} if the file is missing or cannot be decoded.
   */
  pixels(index: number, operation?: PictureOperation): Promise<Raster>;
  /**
   * The first example that has the same picture as example `index`, to the last byte, where examples
   * share pictures. Without it every example has a picture of its own.
   */
  pictureOf?(index: number): number;
  /** What names the picture of example `index`. Default: the example's own id. */
  pictureId?(index: number): string;
  /** Stretches of examples that are read best one after another. Default: any order is as good. */
  readonly stretches?: {
    /** The first example of each, from 0 up: of a shard, of a group of rows. */
    readonly starts: readonly number[];
    /**
     * Among how many examples an epoch's order is drawn: stretches come in random order, and each
     * example from the next so many.
     */
    readonly window: number;
  };
  /**
   * Where the data bring a negative of each example, a picture with captions of its own: example
   * `index` of these is that of example `index`. Composers draw on them by `ofNegatives`.
   */
  readonly negatives?: DataSet;
  /** A SHA-256 in hexadecimal of what the set consists of (captions and addresses, not pixels). */
  fingerprint(): Promise<string>;
}

/** The first of the examples that have the picture of example `index`: see {@linkcode DataSet}. */
export function firstWithPicture(data: DataSet, index: number): number {
  return data.pictureOf?.(index) ?? index;
}

/** What names the picture of example `index`: see {@linkcode DataSet}. */
export function pictureId(data: DataSet, index: number): string {
  return data.pictureId?.(index) ?? data.record(index).id;
}

/** How many rows of a data set were left out when it was opened. */
export function faultCount({ faults, faultCount = faults.length }: DataSet): number {
  return faultCount;
}

/** Faults of a data set that are named; the rest are counted. */
const FAULTS_NAMED = 10;

/** Tells what was left out of a data set when it was opened, if anything was. */
export function reportFaults(data: DataSet, log: Context["log"]): void {
  const { name, faults, length } = data;
  const count = faultCount(data);
  if (count === 0) return;
  log(`${name}: ${length} examples can be used, ${count} rows were left out:`);
  for (const { where, reason } of faults.slice(0, FAULTS_NAMED)) log(`  ${where}: ${reason}`);
  if (count > FAULTS_NAMED) log(`  and ${count - FAULTS_NAMED} more`);
}

/** Whether a value is a source of data, for schemas of components that take one. */
export function isDataSource(value: unknown): value is DataSource {
  return typeof value === "object" && value !== null && "open" in value &&
    typeof value.open === "function" && "with" in value;
}

/** A recipe's choice of data, opened when a run starts. */
export interface DataSource extends Component {
  /**
   * Opens the data.
   *
   * @throws {SyntaxError} if a file does not parse, naming the file and the row.
   */
  open(context: Context): Promise<DataSet>;
}
