import type { CaptionsOptions } from "../../captions/caption_options.ts";

/** What the command line says of a table of captions. */
export interface CaptionChoices {
  /** The column of the pictures, by name or number (from 0). */
  readonly imageColumn?: string | undefined;
  /** The columns of the captions, likewise. */
  readonly captionColumns?: readonly string[] | undefined;
  /** What separates the cells. */
  readonly delimiter?: string | undefined;
}

/** The same as options of `captions`. */
export function captionChoices(
  { imageColumn, captionColumns, delimiter }: CaptionChoices,
): Required<Pick<CaptionsOptions, "columns" | "delimiter">> {
  return {
    columns: {
      image: imageColumn === undefined ? null : numberOrName(imageColumn),
      captions: captionColumns?.map(numberOrName) ?? null,
    },
    delimiter: delimiter ?? "auto",
  };
}

/** A column as the command line has it: a number, or a name. */
function numberOrName(written: string): number | string {
  return /^\d+$/.test(written) ? Number(written) : written;
}
