import type { Context } from "../../core/context.ts";
import type { CheckedOptions } from "./caption_options.ts";
import { chooseColumns, looksLikePicture } from "./columns.ts";
import { nameOfDelimiter } from "./delimiter.ts";
import { openRows, type SourceRow } from "./open_rows.ts";
import type { PictureSet } from "./picture_set.ts";
import { MALFORMED, readTable, type TableRow } from "./read_table.ts";

/** Rows by which the columns are recognised. */
const SAMPLE = 50;

/**
 * Opens tables with a row a picture, or several rows a picture: CSV, TSV and the like.
 *
 * @throws {SyntaxError} naming file and row, if a quote is never closed or columns are not clear.
 */
export async function openTables(
  paths: readonly string[],
  options: CheckedOptions,
  context: Context,
): Promise<PictureSet> {
  return await openRows(paths, options, context, rowsOf);
}

async function* rowsOf(
  path: string,
  { columns: choice, delimiter, header: given }: CheckedOptions,
  tell: (line: string) => void,
): AsyncGenerator<readonly SourceRow[]> {
  const table = await readTable(path, delimiter);
  const rows = table.rows[Symbol.asyncIterator]();
  const start: TableRow[] = [];
  for (let next; start.length <= SAMPLE && !(next = await rows.next()).done;) {
    start.push(...next.value);
  }
  const sample = start.slice(0, SAMPLE + 1);
  const [first] = sample;
  if (first === undefined) return;
  const named = [choice.image, ...choice.captions ?? []].find((each) => typeof each === "string");
  if (named !== undefined && given === false) {
    throw new RangeError(
      `captions.columns: expected numbers as "header" is false, found "${named}"`,
    );
  }
  const header = given === "auto"
    ? named !== undefined || !first.cells.some(looksLikePicture)
    : given;
  const names = header
    ? first.cells.slice(0, lengthOf(first.cells)).map((cell) => cell.trim())
    : undefined;
  if (sample.every(({ cells }) => cells.length < 2)) {
    throw new SyntaxError(
      `${path}: expected a picture and captions in each row, found one cell, with ` +
        `${nameOfDelimiter(table.delimiter)} between cells; the option delimiter names another`,
    );
  }
  const { image, captions, told } = chooseColumns({
    names,
    sample: (header ? sample.slice(1) : sample).map(({ cells }) => cells),
    choice,
    where: names === undefined ? path : `${path}, row ${first.row}`,
  });
  tell(
    `${nameOfDelimiter(table.delimiter)} between cells, ${
      header ? `row ${first.row} is the header` : "no header"
    }, ${told}`,
  );
  const pick = ({ row, cells, malformed }: TableRow): SourceRow => {
    const where = `${path}, row ${row}`;
    if (malformed) return { where, refused: MALFORMED };
    const count = lengthOf(cells);
    if (names !== undefined && count > names.length) {
      return {
        where,
        refused: `expected ${names.length} cells as the header has, found ${count}; a cell that ` +
          `holds ${nameOfDelimiter(table.delimiter)} has to be quoted`,
      };
    }
    const texts = "except" in captions
      ? cells.filter((_, index) => !captions.except.includes(index))
      : captions.map((index) => cells[index] ?? "");
    return { where, image: cells[image]?.trim() ?? "", captions: texts };
  };
  yield (header ? start.slice(1) : start).map(pick);
  for (let next; !(next = await rows.next()).done;) yield next.value.map(pick);
}

/** How many cells there are without empty ones at the end. */
function lengthOf(cells: readonly string[]): number {
  return cells.findLastIndex((cell) => cell.trim() !== "") + 1;
}
