import { nearest } from "../../core/nearest.ts";

/** A recipe's choice of columns, by number (from 0) or by name. */
export interface ColumnChoice {
  /** The column of the picture's path. Default 0. */
  readonly image?: number | string;
  /** The columns of the captions, the main sentence first. Default: all but the path's. */
  readonly captions?: readonly (number | string)[] | null;
}

/** How the cells of a row are to be read. */
export interface Columns {
  /** Whether the row that the columns were chosen by is a header. */
  readonly header: boolean;
  /** The path (empty where there is none) and the captions that are not empty. */
  pick(cells: readonly string[]): { readonly image: string; readonly captions: string[] };
}

const PICTURE = /^https?:\/\/|\.(jpe?g|png|webp|gif|bmp|tiff?|avif)$/i;

/**
 * Finds the chosen columns by the table's first row.
 *
 * @throws {SyntaxError} if the header lacks a named column.
 * @throws {RangeError} if a column is named in a table that is said to have no header.
 */
export function chooseColumns(
  first: readonly string[],
  choice: Required<ColumnChoice>,
  header: "auto" | boolean,
  path: string,
): Columns {
  const named = [choice.image, ...choice.captions ?? []].find((c) => typeof c === "string");
  if (named !== undefined && header === false) {
    throw new RangeError(
      `captionTable.columns: expected numbers as "header" is false, found "${named}"`,
    );
  }
  const names = first.map((cell) => cell.trim());
  const find = (column: number | string) => findColumn(column, names, `${path}, row 1`);
  const image = find(choice.image);
  const captions = choice.captions?.map(find);
  return {
    header: header === "auto" ? named !== undefined || !PICTURE.test(names[image] ?? "") : header,
    pick(cells) {
      const texts = captions === undefined
        ? cells.filter((_, index) => index !== image)
        : captions.map((index) => cells[index] ?? "");
      return {
        image: cells[image]?.trim() ?? "",
        captions: texts.map((text) => text.trim()).filter((text) => text !== ""),
      };
    },
  };
}

/**
 * The number of a column, chosen by number or by name.
 *
 * @param where Begins the message of an error.
 * @throws {SyntaxError} if there is no column of that name.
 */
export function findColumn(
  column: number | string,
  names: readonly string[],
  where: string,
): number {
  if (typeof column === "number") return column;
  const index = names.indexOf(column);
  if (index >= 0) return index;
  const guess = nearest(column, names);
  throw new SyntaxError(
    `${where}: expected a column "${column}", found ${names.join(", ")}` +
      (guess === undefined ? "" : `; did you mean "${guess}"?`),
  );
}
