/** How a model is written. */
export interface ExportOptions {
  /** Where files go; made if it is not there. */
  readonly folder: string;
  /** Of weights and products; what goes in and comes out is float32. */
  readonly precision: "float32" | "float16";
  /** How many pictures and texts go in together. Default: any number. */
  readonly batch?: number | undefined;
}
