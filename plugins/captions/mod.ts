/**
 * Data from files: {@linkcode captions} reads tables (CSV, TSV), COCO's caption JSON, JSON lines,
 * Parquet, webdataset shards and folders.
 *
 * @module
 */
export type { CaptionsOptions } from "./caption_options.ts";
export { captions } from "./captions.ts";
export type { ColumnChoice } from "./columns.ts";
export type { DataFormat } from "./data_format.ts";
export { mixedCaptions, type MixedCaptionsOptions } from "./mixed_captions.ts";
