/**
 * Data from files: tables of captions (CSV, TSV) and COCO's caption JSON.
 *
 * @module
 */
export * from "./caption_table.ts";
export * from "./coco_captions.ts";
export type { ColumnChoice } from "./columns.ts";
