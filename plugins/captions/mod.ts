/**
 * Data from files: tables of captions (CSV, TSV, Parquet), COCO's caption JSON, webdataset shards,
 * the tables of CLIC, PixelProse and LAION-COCO; and the download of pictures that a table gives the
 * addresses of.
 *
 * @module
 */
export { captionTable, type CaptionTableOptions } from "./caption_table.ts";
export { cocoCaptions, type CocoCaptionsOptions } from "./coco_captions.ts";
export { cogvlmLaion, type CogvlmLaionOptions } from "./cogvlm_laion.ts";
export type { ColumnChoice } from "./columns.ts";
export { laionCoco, type LaionCocoOptions } from "./laion_coco.ts";
export { mixedCaptions, type MixedCaptionsOptions } from "./mixed_captions.ts";
export { parquetCaptions, type ParquetCaptionsOptions } from "./parquet_captions.ts";
export { pixelProse, type PixelProseOptions } from "./pixel_prose.ts";
export { webdataset, type WebdatasetOptions } from "./webdataset.ts";
