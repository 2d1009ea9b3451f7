import { isAbsolute, join } from "node:path";
import type { DataFault, DataSet, ExampleRecord } from "../../core/dataset.ts";
import type { PicturePool } from "../../core/images/picture_pool.ts";
import { shortened } from "../../core/shortened.ts";
import { createPictureSet } from "./picture_set.ts";
import { createNumberRows } from "./rows/number_rows.ts";
import { createTextIndex } from "./rows/text_index.ts";
import { createTextRows } from "./rows/text_rows.ts";

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
  const known = createTextIndex((row) => rows.get(row)[0]!);
  /** Of each example the first one that has its picture. */
  const firsts = createNumberRows(1);
  let areShared = false;
  return {
    get length() {
      return rows.length;
    },
    add({ id, captions }) {
      const first = known.find(id);
      if (first === undefined) known.add(id, rows.length);
      else areShared = true;
      firsts.add(first ?? rows.length);
      rows.add([id, ...captions]);
    },
    dataSet({ name, folder, faults, images }) {
      const picture = (_: number, id: string) => isAbsolute(id) ? id : join(folder, id);
      const listed = { faults, count: faults.length };
      const data = createPictureSet({ name, rows, picture, faults: listed, images });
      return areShared ? { ...data, pictureOf: (index) => firsts.get(index, 0) } : data;
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
  if (captions.some((text) => text.trim() === "")) return `expected captions of ${id}, found a blank one`;
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
