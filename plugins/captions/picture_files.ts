import { isAbsolute, join } from "node:path";
import type { DataFault, DataSet, ExampleRecord } from "../../core/dataset.ts";
import type { PicturePool } from "../../core/images/picture_pool.ts";
import { shortened } from "../../core/shortened.ts";
import { createPictureSet } from "./picture_set.ts";
import { createTextIndex } from "./rows/text_index.ts";
import { createTextRows } from "./rows/text_rows.ts";

/** What {@linkcode pictureFiles} makes a data set of. */
export interface PictureFiles {
  /** For people: the file that the examples were read from. */
  readonly name: string;
  /** Where relative paths of pictures start. */
  readonly folder: string;
  /** The examples; the `id` of each is the path of its picture. */
  readonly examples: Iterable<ExampleRecord>;
  /** What was left out. Default: nothing. */
  readonly faults?: readonly DataFault[];
  /** Decodes the pictures: `images` of the context. */
  readonly images: PicturePool;
}

/**
 * A data set of picture files with captions that a reader has found. Captions are kept outside the
 * script heap, pictures are read when they are asked for. Examples of one `id` have one picture.
 *
 * @throws {SyntaxError} if there is no example, or one without a picture or a caption, or with a
 *   blank one.
 * @throws {TypeError} if an example is no record of texts.
 *
 * @example
 * ```ts
 * import { openContext, pictureFiles } from "@syntagma/syntagma/authoring";
 *
 * using context = openContext();
 * const { images } = context;
 * const examples = [{ id: "cat.jpg", captions: ["a cat"] }];
 * const data = pictureFiles({ name: "mine", folder: "photos", examples, images });
 * console.assert(data.record(0).captions[0] === "a cat");
 * ```
 */
export function pictureFiles(
  { name, folder, examples, faults = [], images }: PictureFiles,
): DataSet {
  const found = createPictureExamples();
  for (const example of examples) {
    const reason = lacking(example);
    if (reason !== undefined) {
      throw new SyntaxError(`${name}, example ${found.length}: ${reason}`);
    }
    found.add(example);
  }
  if (found.length === 0) throw new SyntaxError(`${name}: expected examples, found none`);
  return found.dataSet({ name, folder, faults, images });
}

/** Examples whose ids are the paths of their pictures, as a reader finds them. */
export interface PictureExamples {
  /** How many there are. */
  readonly length: number;
  /** Adds one of which {@linkcode lacking} says that it lacks nothing. */
  add(example: ExampleRecord): void;
  /** The data set of all that were added. */
  dataSet(parts: {
    readonly name: string;
    readonly folder: string;
    readonly faults: readonly DataFault[];
    readonly images: PicturePool;
  }): DataSet;
}

/**
 * Starts with no examples. Their texts are kept outside the script heap, and where several have one
 * picture the data set says so.
 */
export function createPictureExamples(): PictureExamples {
  const rows = createTextRows();
  /** Of each picture the first example that has it. */
  const known = createTextIndex((row) => rows.get(row)[0]!);
  let areShared = false;
  return {
    get length() {
      return rows.length;
    },
    add({ id, captions }) {
      if (known.find(id) === undefined) known.add(id, rows.length);
      else areShared = true;
      rows.add([id, ...captions]);
    },
    dataSet({ name, folder, faults, images }) {
      const picture = (_: number, id: string) => isAbsolute(id) ? id : join(folder, id);
      const listed = { faults, count: faults.length };
      const data = createPictureSet({ name, rows, picture, faults: listed, images });
      return areShared
        ? { ...data, pictureOf: (index) => known.find(data.record(index).id)! }
        : data;
    },
  };
}

/**
 * What keeps a record from being an example.
 *
 * @returns what was expected and what was found; `undefined` if nothing is wrong.
 * @throws {TypeError} if it is no record, which is a fault of who made it and not of the data.
 */
export function lacking(record: ExampleRecord): string | undefined {
  if (!isRecord(record)) {
    throw new TypeError(
      `expected an example, { id, captions: […] } of texts, found ${
        shortened(JSON.stringify(record) ?? String(record))
      }`,
    );
  }
  const { id, captions } = record;
  if (id.trim() === "") return "expected the path of a picture, found none";
  if (captions.length === 0) return `expected a caption of ${id}, found none`;
  if (captions.some((text) => text.trim() === "")) {
    return `expected captions of ${id}, found a blank one`;
  }
  return [id, ...captions].every((text) => text.isWellFormed())
    ? undefined
    : "expected Unicode, found half of a surrogate pair";
}

function isRecord(value: unknown): value is ExampleRecord {
  if (typeof value !== "object" || value === null) return false;
  const { id, captions } = value as Partial<ExampleRecord>;
  return typeof id === "string" && Array.isArray(captions) &&
    captions.every((each) => typeof each === "string");
}
