// @ts-types="@types/papaparse"
import Papa from "papaparse";
import type { Context } from "../../../core/context.ts";
import { readText } from "../../../core/host/storage/read_text.ts";
import type { OptionsSchema } from "../../../core/check_options.ts";
import { checkAnnotations } from "./read_annotations.ts";

/**
 * A table of annotations (CSV with a line of names), every row checked.
 *
 * @param address `hf:…`, `https:…` or a path.
 * @param schema Of a row: texts by the names of their columns.
 * @returns the rows in order, and the path of the file for messages.
 * @throws {AssetError} if the file cannot be had.
 * @throws {SyntaxError} if a row has too many cells, a quote is not closed, or a cell is not of the
 *   form expected: names the file, the row (the first after the names is 1) and what was expected.
 */
export async function readAnnotationTable<T>(
  { assets }: Pick<Context, "assets">,
  address: string,
  schema: OptionsSchema<T>,
): Promise<{ readonly path: string; readonly rows: readonly T[] }> {
  const path = await assets.file(address);
  const { data, errors } = Papa.parse<Record<string, string>>(await readText(path), {
    header: true,
    skipEmptyLines: true,
    delimiter: ",",
  });
  // A row with too few cells lacks some: the schema says which.
  const fault = errors.find(({ code }) => code !== "TooFewFields");
  if (fault !== undefined) {
    const { type, row = 0, message } = fault;
    // Where a quote is open the line of names counts as a row.
    throw new SyntaxError(
      `${path}, row ${type === "Quotes" ? row : row + 1}: expected a table of commas (${message})`,
    );
  }
  const rows = data.map((row, index) => checkAnnotations(`${path}, row ${index + 1}`, row, schema));
  return { path, rows };
}
