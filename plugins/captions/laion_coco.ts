import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import { createRandom } from "../../core/random.ts";
import type { DataSource } from "../../core/dataset.ts";
import { openParquetRows, type RowCaptions } from "./parquet_rows.ts";

/** Where LAION-COCO is, and which of its captions are used. */
export interface LaionCocoOptions {
  /** The Parquet files; patterns as `parquetCaptions` has. */
  readonly path: string | readonly string[];
  /** The folder that `downloadImages` put the pictures into. Default: that of the first file. */
  readonly images?: string | null;
  /**
   * `"replace"` (the default, as CLoVe does) takes the synthetic captions of every picture; a number
   * takes them with this probability, and else the caption from the web.
   */
  readonly synthetic?: "replace" | number;
  /** The seed of the choice between synthetic and web captions. Default 0. */
  readonly seed?: number;
  /** Use only so many examples, the first ones; `null`, the default, uses all. */
  readonly limit?: number | null;
}

const schema = z.strictObject({
  path: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]),
  images: z.string().min(1).nullable().default(null),
  synthetic: z.union([z.literal("replace"), z.number().min(0).max(1)], {
    error: 'expected "replace" or a probability from 0 to 1',
  }).default("replace"),
  seed: z.int().min(0).default(0),
  limit: z.int().min(1).nullable().default(null),
});

/**
 * LAION-COCO: 600 M pictures of LAION-2B with captions that BLIP wrote and CLIP ranked. Columns
 * `URL`, `TEXT` (the caption from the web), `top_caption` and `all_captions` (a list). A picture's
 * captions are the synthetic ones, best first, or the one from the web; where the chosen ones are
 * missing the others stand in, unless they are to be replaced.
 *
 * Webdataset shards have the synthetic captions with `webdataset({ captions: ["json.top_caption",
 * "json.all_captions"] })`, and `mixedCaptions` mixes them with those from the web.
 *
 * The choice for a row comes from `createRandom(seed, "laionCoco", row)`. It is the same in all
 * epochs, since a data set gives an example's captions without being told the epoch.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { laionCoco } from "@syntagma/syntagma/captions";
 *
 * const data = laionCoco({ path: "data/part-*.parquet", images: "data/images", synthetic: 0.5 });
 * console.assert(data.options.synthetic === 0.5);
 * ```
 */
export const laionCoco: (options: LaionCocoOptions) => DataSource = defineComponent({
  name: "laionCoco",
  schema,
  make: (options) => {
    const { synthetic, seed } = options;
    return {
      open: async (context) =>
        await openParquetRows({
          component: "laionCoco",
          paths: [options.path].flat(),
          images: options.images,
          columns: { image: "URL", captions: ["TEXT", "top_caption", "all_captions"] },
          limit: options.limit,
          captions([web = [], top = [], all = []], row): RowCaptions {
            const written = distinct([...top, ...all]);
            if (synthetic === "replace") return written;
            const chosen = createRandom(seed, "laionCoco", row).next() < synthetic
              ? [written, distinct(web)]
              : [distinct(web), written];
            return chosen.find((captions) => captions.length > 0) ?? [];
          },
        }, context),
    };
  },
});

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.map((text) => text.trim()))].filter((text) => text !== "");
}
