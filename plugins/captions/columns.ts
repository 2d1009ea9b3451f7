import { isOtherPictureName, isPictureName } from "../../core/images/picture_name.ts";
import { nearest } from "../../core/nearest.ts";
import { shortened } from "../../core/shortened.ts";
import { captionColumns, isOtherColumn, pictureRank } from "./column_names.ts";
import { isWebAddress } from "./downloads.ts";

/** A recipe's choice of columns, by number (from 0) or by name. */
export interface ColumnChoice {
  /** The column of the picture. Default `null`: recognised. */
  readonly image?: number | string | null;
  /** The columns of the captions, the main sentence first. Default `null`: recognised. */
  readonly captions?: readonly (number | string)[] | null;
}

/** How columns are named in a recipe's data, and where data is evaluated. */
const IMAGE_OPTION = "columns.image=filepath (evaluate: --image-column filepath)";
const CAPTIONS_OPTION = 'columns.captions=["caption"] (evaluate: --caption-columns caption)';

/** What columns are chosen by. */
export interface ColumnFacts {
  /** The columns' names; `undefined` for a table without a header. */
  readonly names: readonly string[] | undefined;
  /** Some rows; of a cell that holds several texts the first. */
  readonly sample: readonly (readonly string[])[];
  /** The columns that hold pictures' bytes. */
  readonly bytes?: readonly number[];
  /** Columns that cannot hold texts. */
  readonly others?: readonly number[];
  readonly choice: Required<ColumnChoice>;
  /** Begins the message of an error. */
  readonly where: string;
}

/** The columns of a table that are read. */
export interface ChosenColumns {
  readonly image: number;
  /** Those of the captions; or, of a table without a header, whose rows may be longer, all but some. */
  readonly captions: readonly number[] | { readonly except: readonly number[] };
  /** Says what was chosen, for people. */
  readonly told: string;
}

/**
 * The columns of the picture and of the captions: those chosen, else those whose names are known,
 * else those whose cells look so.
 *
 * @throws {SyntaxError} if a chosen column is not there, or it is not clear which is meant; lists the
 *   columns and names the option.
 */
export function chooseColumns(facts: ColumnFacts): ChosenColumns {
  const { choice, names } = facts;
  const count = names?.length ?? Math.max(0, ...facts.sample.map((cells) => cells.length));
  const find = (column: number | string) => findColumn(column, names, count, facts.where);
  const captions = choice.captions?.map(find);
  const image = choice.image === null
    ? recognisePicture(facts, count, captions ?? [])
    : find(choice.image);
  const chosen = captions ?? recogniseCaptions(facts, count, image);
  return { image, captions: chosen, told: describe(names, count, image, chosen) };
}

/**
 * The number of a column, chosen by number or by name.
 *
 * @param names The columns' names; `undefined` where they have none.
 * @param count How many columns there are.
 * @param where Begins the message of an error.
 * @throws {SyntaxError} if there is no such column.
 */
export function findColumn(
  column: number | string,
  names: readonly string[] | undefined,
  count: number,
  where: string,
): number {
  const there = names === undefined ? `${count} columns without names` : listOf(names);
  if (typeof column === "number") {
    if (column < count) return column;
    throw new SyntaxError(
      `${where}: expected a column ${column}, found ${count} columns (${there})`,
    );
  }
  const index = names?.indexOf(column) ?? -1;
  if (index >= 0) return index;
  const guess = nearest(column, names ?? []);
  throw new SyntaxError(
    `${where}: expected a column "${shortened(column)}", found ${there}` +
      (guess === undefined ? "" : `; did you mean "${guess}"?`),
  );
}

/** Whether a cell is a picture's path or address. */
export function looksLikePicture(cell: string): boolean {
  const text = cell.trim();
  return isWebAddress(text) || isPictureName(text) || isOtherPictureName(text);
}

function recognisePicture(facts: ColumnFacts, count: number, taken: readonly number[]): number {
  const { names, sample, bytes = [], where } = facts;
  const free = range(count).filter((column) => !taken.includes(column));
  const cells = (column: number) =>
    sample.map((row) => row[column]?.trim() ?? "").filter((cell) => cell !== "");
  const holds = (column: number, test: (cell: string) => boolean) =>
    // Not all: a row may be broken, or a header that is taken for a row.
    cells(column).length > 0 && cells(column).filter(test).length >= cells(column).length / 2;
  const ranks = names?.map(pictureRank) ?? [];
  const named = free.filter((column) => (ranks[column] ?? Infinity) !== Infinity)
    .sort((a, b) => ranks[a]! - ranks[b]!);
  const inside = free.filter((column) => bytes.includes(column));
  // From what says most to what says least; where several fit equally well only their names decide.
  const first = named.find((column) => inside.includes(column)) ??
    named.find((column) => holds(column, looksLikePicture)) ??
    only(inside) ??
    only(
      free.filter((column) => holds(column, looksLikePicture) && !holds(column, isWebAddress)),
    ) ??
    only(free.filter((column) => holds(column, looksLikePicture))) ??
    named[0];
  if (first !== undefined) return first;
  throw unclear(where, "picture's path", names, count, IMAGE_OPTION);
}

function recogniseCaptions(
  { names, sample, bytes = [], others = [], where }: ColumnFacts,
  count: number,
  image: number,
): ChosenColumns["captions"] {
  const free = range(count).filter((column) =>
    column !== image && !bytes.includes(column) && !others.includes(column)
  );
  if (names !== undefined) {
    const known = captionColumns(names.map((name, column) => free.includes(column) ? name : ""));
    if (known.kinds.length === 1) return known.columns;
    if (known.kinds.length > 1) {
      throw unclear(where, "captions", names, count, CAPTIONS_OPTION);
    }
  }
  // What is neither a number, nor a picture, nor called something else.
  const left = free.filter((column) => {
    const cells = sample.map((row) => row[column]?.trim() ?? "").filter((cell) => cell !== "");
    const isText = cells.some((cell) => Number.isNaN(Number(cell)) && !looksLikePicture(cell));
    return isText && !isOtherColumn(names?.[column] ?? "x");
  });
  if (names === undefined) {
    const others = free.filter((column) => left.length > 0 && !left.includes(column));
    return { except: [image, ...others] };
  }
  if (left.length === 1) return left;
  if (left.length === 0 && free.length === 1) return free;
  throw unclear(where, "captions", names, count, CAPTIONS_OPTION);
}

function unclear(
  where: string,
  what: string,
  names: readonly string[] | undefined,
  count: number,
  option: string,
): SyntaxError {
  const there = names === undefined ? `${count} columns without names` : listOf(names);
  return new SyntaxError(
    `${where}: expected to know which column has the ${what}, found ${there}; ` +
      `name it as in ${option}, or by its number from 0`,
  );
}

function describe(
  names: readonly string[] | undefined,
  count: number,
  image: number,
  captions: ChosenColumns["captions"],
): string {
  const name = (column: number) => names?.[column] ?? `column ${column}`;
  const list = "except" in captions ? "all other columns" : captions.map(name).join(", ");
  const unused = range(count).filter((column) =>
    column !== image &&
    ("except" in captions ? captions.except.includes(column) : !captions.includes(column))
  );
  return `picture from ${name(image)}, captions from ${list}` +
    (unused.length === 0 ? "" : `; not used: ${listOf(unused.map(name))}`);
}

function listOf(names: readonly string[]): string {
  return shortened(names.map((name) => name === "" ? '""' : name).join(", "), LISTED);
}

/** Characters of the names of columns that a message lists. */
const LISTED = 1000;

function only<T>(values: readonly T[]): T | undefined {
  return values.length === 1 ? values[0] : undefined;
}

function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}
