import { extname } from "node:path";
import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import type { DataSource } from "../../core/dataset.ts";
import { captionTable } from "./caption_table.ts";
import { parquetCaptions } from "./parquet_captions.ts";

/** Where CLIC's own table is. */
export interface CogvlmLaionOptions {
  /** The table, of https://huggingface.co/datasets/nmndeep/CLIC-CogVLM-relabelled-Laion: CSV or Parquet. */
  readonly path: string;
  /** The folder that `downloadImages` put the pictures into. Default: that of the table. */
  readonly images?: string | null;
  /** Use only so many examples, the first ones; `null`, the default, uses all. */
  readonly limit?: number | null;
}

const schema = z.strictObject({
  path: z.string().min(1),
  images: z.string().min(1).nullable().default(null),
  limit: z.int().min(1).nullable().default(null),
});

/**
 * A million pictures of LAION with descriptions by CogVLM, the table that CLIC was trained on: in
 * each row the picture's address, its first sentence, further sentences. The pictures are downloaded
 * beforehand with `downloadImages`; a table in the same form with paths in place of addresses does
 * as well.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { cogvlmLaion } from "@syntagma/syntagma/captions";
 *
 * const data = cogvlmLaion({ path: "data/laion.csv", images: "data/images" });
 * console.assert(data.options.limit === null);
 * ```
 */
export const cogvlmLaion: (options: CogvlmLaionOptions) => DataSource = defineComponent({
  name: "cogvlmLaion",
  schema,
  make: (options) => {
    const { path, images, limit } = options;
    const read = extname(path).toLowerCase() === ".parquet" ? parquetCaptions : captionTable;
    return {
      open: async (context) => await read({ path, images, limit }).open(context),
    };
  },
});
