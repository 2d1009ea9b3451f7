import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import type { DataSource } from "../../core/dataset.ts";
import { splitTexts } from "./parquet_captions.ts";
import { openParquetRows } from "./parquet_rows.ts";

/** Where PixelProse is and how its descriptions are split. */
export interface PixelProseOptions {
  /**
   * The Parquet files; CLIC uses `data/vlm_captions_redcaps_*.parquet` of
   * https://huggingface.co/datasets/tomg-group-umd/pixelprose. Patterns as `parquetCaptions` has.
   */
  readonly path: string | readonly string[];
  /** The folder that `downloadImages` put the pictures into. Default: that of the first file. */
  readonly images?: string | null;
  /** The preset of `splitDescription`. Default `"released"`. */
  readonly split?: "released" | "strict";
  /** Use only so many examples, the first ones; `null`, the default, uses all. */
  readonly limit?: number | null;
}

const schema = z.strictObject({
  path: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]),
  images: z.string().min(1).nullable().default(null),
  split: z.enum(["released", "strict"]).default("released"),
  limit: z.int().min(1).nullable().default(null),
});

/**
 * PixelProse (Singla et al. 2024, arXiv 2406.10328) as CLIC prepares it: the picture at `url`, and
 * the sentences of its `vlm_caption`, two or more; see `splitDescription`. The pictures are
 * downloaded beforehand with `downloadImages`.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { pixelProse } from "@syntagma/syntagma/captions";
 *
 * const path = "data/vlm_captions_redcaps_{00..09}.parquet";
 * const data = pixelProse({ path, images: "data/images" });
 * console.assert(data.options.split === "released");
 * ```
 */
export const pixelProse: (options: PixelProseOptions) => DataSource = defineComponent({
  name: "pixelProse",
  schema,
  make: (options) => ({
    open: async (context) =>
      await openParquetRows({
        component: "pixelProse",
        paths: [options.path].flat(),
        images: options.images,
        columns: { image: "url", captions: ["vlm_caption"] },
        limit: options.limit,
        captions: (texts) => splitTexts(texts.flat(), options.split),
      }, context),
  }),
});
