import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import type { DataSource } from "../../core/dataset.ts";
import { splitDescription } from "../clic/split_description.ts";
import type { ColumnChoice } from "./columns.ts";
import { openParquetRows, type RowCaptions } from "./parquet_rows.ts";

/** Where the Parquet files are and how they are to be read. */
export interface ParquetCaptionsOptions {
  /**
   * The address (`hf:…`, `https:…`, path) of a file, or of several that make one data set. In the
   * name of a path `*` stands for anything; `{000..123}` stands for these numbers.
   */
  readonly path: string | readonly string[];
  /**
   * The folder that `downloadImages` put the pictures into, or where relative paths start. Default:
   * the folder of the first file. Without effect where the pictures are in the files.
   */
  readonly images?: string | null;
  /**
   * Which columns hold the picture (an address, a path, its bytes, or Hugging Face's group of bytes
   * and path) and its captions, texts or lists of texts, by number (from 0) or by name. Default: the
   * first one the picture, all other texts captions.
   */
  readonly columns?: ColumnChoice;
  /**
   * Whether captions are long descriptions that {@linkcode splitDescription} makes sentences of, and
   * by which preset; a row with fewer than two sentences becomes a fault. Default `"none"`.
   */
  readonly split?: "none" | "released" | "strict";
  /** Use only so many examples, the first ones; `null`, the default, uses all. */
  readonly limit?: number | null;
}

const column = z.union([z.int().min(0), z.string().min(1)]);
const schema = z.strictObject({
  path: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]),
  images: z.string().min(1).nullable().default(null),
  columns: z.strictObject({
    image: column.default(0),
    captions: z.array(column).min(1).nullable().default(null),
  }).default({ image: 0, captions: null }),
  split: z.enum(["none", "released", "strict"]).default("none"),
  limit: z.int().min(1).nullable().default(null),
});

/**
 * Pictures and captions from Parquet files, with a row a picture, which is either a file on this
 * machine or stands in the row itself. Files may be larger than memory: captions are read once and
 * kept on the disk where there are many; a picture's bytes are read with the page that holds them if
 * the file has an index of its pages, else with its row group, and some row groups are remembered.
 *
 * Rows that cannot be used become faults of the data set: without picture or caption, with an
 * address that has not been downloaded, in a part of the file that cannot be read.
 *
 * `open` throws a `SyntaxError` that names the file if it is not Parquet or lacks a named column.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { parquetCaptions } from "@syntagma/syntagma/captions";
 *
 * const data = parquetCaptions({
 *   path: "data/part-{00000..00127}.parquet",
 *   images: "data/images",
 *   columns: { image: "url", captions: ["caption"] },
 * });
 * console.assert(data.options.split === "none");
 * ```
 */
export const parquetCaptions: (options: ParquetCaptionsOptions) => DataSource = defineComponent({
  name: "parquetCaptions",
  schema,
  make: (options) => ({
    open: async (context) =>
      await openParquetRows({
        component: "parquetCaptions",
        paths: [options.path].flat(),
        images: options.images,
        columns: options.columns,
        limit: options.limit,
        captions: (texts) => splitTexts(texts.flat(), options.split),
      }, context),
  }),
});

/** Captions without empty ones, or the sentences of descriptions. */
export function splitTexts(
  texts: readonly string[],
  split: "none" | "released" | "strict",
): RowCaptions {
  if (split === "none") return texts.map((text) => text.trim()).filter((text) => text !== "");
  const sentences = texts.flatMap((text) => splitDescription(text, { preset: split }));
  return sentences.length >= 2 ? sentences : {
    refused:
      `expected a description of two sentences or more of 4 to 34 words, found ${sentences.length}`,
  };
}
