import { z } from "zod";
import type { ColumnChoice } from "./columns.ts";
import type { DataFormat } from "./data_format.ts";

/** Where captions are and how they are to be read. */
export interface CaptionsOptions {
  /**
   * The address (`hf:…`, `https:…`, path) of a file, or of several that make one data set, or a
   * folder. In the name of a path `*` stands for anything; `{000..123}` stands for these numbers.
   */
  readonly path: string | readonly string[];
  /**
   * The folder that relative picture paths start from, or that `downloadImages` put the pictures
   * into; an address (`hf:…`, `https:…`) where pictures are on a server. Default `null`: looked for
   * beside the file, then in `images`, or a folder of the file's name, there or one level up
   * (`annotations/captions_val2017.json`, `val2017/`). A list of folders is looked through first:
   * the first that has one of the pictures counts.
   */
  readonly images?: string | readonly string[] | null;
  /** What the files are. Default `"auto"`: told by their content. */
  readonly format?: "auto" | DataFormat;
  /**
   * Which columns hold the picture and its captions, by number (from 0) or name; of JSON the keys,
   * of webdataset the endings of members (`txt`), dots leading inside (`meta.url`, `json.caption`).
   * Default: recognised by name, else by what is in them; what was chosen is told.
   */
  readonly columns?: ColumnChoice;
  /** What separates a table's cells: a character, or `"tab"`. Default `"auto"`: told by the table. */
  readonly delimiter?: string;
  /**
   * Whether a table's first row is a header. Default `"auto"`: it is one if columns are chosen by
   * name, or if none of its cells is a picture's path or address.
   */
  readonly header?: "auto" | boolean;
  /**
   * What an example is: one of the `"pictures"` with all its captions (the default), or one of the
   * `"captions"` with its picture. An epoch is once through the examples.
   */
  readonly examples?: "captions" | "pictures";
  /**
   * Whether captions are long descriptions that `splitDescription` makes sentences of, and by which
   * preset; a row with fewer than two sentences becomes a fault. Default `"none"`.
   */
  readonly split?: "none" | "released" | "strict";
  /** Use only so many pictures, the first ones. Default `null`: all. */
  readonly limit?: number | null;
  /**
   * Among how many examples the order of an epoch is drawn, where pictures stand in shards or in
   * Parquet: shards (row groups) come in random order and are read from beginning to end, as slow
   * disks and networks like it. Default `null`: all of them.
   */
  readonly window?: number | null;
  /**
   * Whether webdataset shards at an address stay there: each is read through once for its captions,
   * and pictures are asked for one by one, or, of a server that gives no parts, with their shard,
   * which takes a `window`. Default `false`: they are downloaded.
   */
  readonly stream?: boolean;
}

/** The options with their defaults. */
export type CheckedOptions = Required<Omit<CaptionsOptions, "columns">> & {
  readonly columns: Required<ColumnChoice>;
};

const column = z.union([z.int().min(0), z.string().min(1)], {
  error: "a column's name, or its number from 0",
});

const delimiter = z.string().transform((text) => text === "tab" || text === "\\t" ? "\t" : text)
  .refine((text) => text === "auto" || text.length === 1, {
    error: '"auto", "tab" or one character',
  });

/** The schema of {@linkcode CaptionsOptions}. */
export const captionsSchema: z.ZodType<CheckedOptions> & { readonly shape: object } = z
  .strictObject({
    path: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]),
    images: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).nullable()
      .default(null),
    format: z.enum(["auto", "table", "json", "jsonl", "parquet", "webdataset", "folder"]).default(
      "auto",
    ),
    columns: z.strictObject({
      image: column.nullable().default(null),
      captions: z.array(column).min(1).nullable().default(null),
    }).default({ image: null, captions: null }),
    delimiter: delimiter.default("auto"),
    header: z.union([z.literal("auto"), z.boolean()]).default("auto"),
    examples: z.enum(["captions", "pictures"]).default("pictures"),
    split: z.enum(["none", "released", "strict"]).default("none"),
    limit: z.int().min(1).nullable().default(null),
    window: z.int().min(1).max(2 ** 32).nullable().default(null),
    stream: z.boolean().default(false),
  });
