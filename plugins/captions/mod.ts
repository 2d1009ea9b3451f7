/**
 * Data from files: {@linkcode captions} reads tables (CSV, TSV), COCO's caption JSON, JSON lines,
 * Parquet, webdataset shards and folders; and the download of pictures that a table gives the
 * addresses of.
 *
 * @module
 */
export type { CaptionsOptions } from "./caption_options.ts";
export * from "./captions.ts";
export type { ColumnChoice } from "./columns.ts";
export type { DataFormat } from "./data_format.ts";
export { usualDelimiter } from "./delimiter.ts";
export * from "./download_images.ts";
export * from "./mixed_captions.ts";
export * from "./picture_addresses.ts";
export { picturePlaces } from "./picture_place.ts";
