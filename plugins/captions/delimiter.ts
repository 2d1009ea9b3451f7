// @ts-types="@types/papaparse"
import Papa from "papaparse";
import { extname } from "node:path";
import { captionColumns, pictureRank } from "./column_names.ts";
import { looksLikePicture } from "./columns.ts";

/** What may separate cells, and what it is called. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ["\t", "tabs"],
  ["|", "bars"],
  [";", "semicolons"],
  [",", "commas"],
]);

/** Rows of the beginning that are looked at. */
const ROWS = 50;

/** How a table is written. */
export interface TableForm {
  /** What separates cells. */
  readonly delimiter: string;
  /** What ends rows: `"\r"` where it stands alone, else `"\n"`, with or without `"\r"` before it. */
  readonly newline: "\n" | "\r";
}

/**
 * How a table is written, by its beginning: what separates cells is what gives the most rows a
 * picture's path or address as a whole cell, or a first row with known names; else what gives all
 * rows the same number of cells.
 *
 * @param path The table's name: where nothing else decides, `.tsv` and `.tab` mean tabs, and any
 *   other ending commas.
 * @param start The beginning of its text.
 */
export function guessForm(path: string, start: string): TableForm {
  const usual = usualDelimiter(path);
  const scores = newlinesIn(start).flatMap((newline) =>
    [...NAMES.keys()].map((delimiter) => ({
      form: { delimiter, newline },
      score: scoreOf(start, delimiter, newline, usual),
    }))
  );
  scores.sort((a, b) => compare(b.score, a.score));
  return scores[0]!.form;
}

/** What may end rows: where cells have line breaks inside, either of two. */
function newlinesIn(start: string): readonly TableForm["newline"][] {
  if (!/\r(?!\n)/.test(start)) return ["\n"];
  return start.includes("\n") ? ["\n", "\r"] : ["\r"];
}

/** A tab where a table's name ends in `.tsv` or `.tab`, else a comma. */
export function usualDelimiter(path: string): string {
  return [".tsv", ".tab"].includes(extname(path.replace(/\.gz$/i, "")).toLowerCase()) ? "\t" : ",";
}

/** A delimiter for people: `tabs`, `commas`. */
export function nameOfDelimiter(delimiter: string): string {
  return NAMES.get(delimiter) ?? JSON.stringify(delimiter);
}

/** The higher, the likelier; the first number that differs decides. */
function scoreOf(
  start: string,
  delimiter: string,
  newline: TableForm["newline"],
  usual: string,
): number[] {
  const { data } = Papa.parse<string[]>(start, { delimiter, newline, preview: ROWS });
  const rows = data.map((cells) => cells.map((cell) => cell.trim()))
    .filter((cells) => cells.some((cell) => cell !== ""));
  const [first = []] = rows;
  const several = rows.filter((cells) => cells.length > 1);
  if (several.length === 0) return [0, 0, 0, 0];
  const others = [...NAMES.keys()].filter((other) => other !== delimiter && other !== ",");
  const isPicture = (cell: string) =>
    looksLikePicture(cell) && !/\s/.test(cell) && !others.some((other) => cell.includes(other));
  const pictures = several.filter((cells) => cells.some(isPicture)).length;
  const known = first.length > 1 &&
    (captionColumns(first).columns.length > 0 ||
      first.some((cell) => pictureRank(cell) !== Infinity));
  const usualCount = first.length;
  const same = rows.filter((cells) => cells.length === usualCount).length;
  return [
    (pictures + (known ? rows.length : 0)) / rows.length,
    usualCount > 1 ? same / rows.length : 0,
    delimiter === usual ? 1 : 0,
    several.length,
  ];
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at < 0 ? 0 : a[at]! - b[at]!;
}
