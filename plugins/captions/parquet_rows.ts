import { basename, dirname } from "node:path";
import type { Context } from "../../core/context.ts";
import type { DataFault, DataSet } from "../../core/dataset.ts";
import { ImageError } from "../../core/images/image_error.ts";
import { type ColumnChoice, findColumn } from "./columns.ts";
import { openParquet, type ParquetFile } from "./parquet_file.ts";
import { createPictureRows } from "./picture_rows.ts";
import { createPictureSet } from "./picture_set.ts";
import { expandPaths } from "./expand_paths.ts";
import { createTextRows } from "./text_rows.ts";

/** The captions of a row, the main one first; or why the row cannot be used. */
export type RowCaptions = readonly string[] | { readonly refused: string };

/** How Parquet files become a data set. */
export interface ParquetPlan {
  /** The component that reads them, for error messages. */
  readonly component: string;
  /** Addresses; paths may hold `*` and `{000..123}`. */
  readonly paths: readonly string[];
  /** Where pictures were downloaded to, or where relative paths start. */
  readonly images: string | null;
  readonly columns: Required<ColumnChoice>;
  readonly limit: number | null | undefined;
  /**
   * What a row's captions are.
   *
   * @param texts Of each chosen column in turn its texts: none, one, or a list's.
   * @param row The row's number in the whole set, from 0.
   */
  readonly captions: (texts: readonly (readonly string[])[], row: number) => RowCaptions;
}

/**
 * Opens Parquet files as one data set. Captions are read once, one row group at a time; pictures
 * inside the files when they are asked for.
 *
 * @throws {SyntaxError} if a file is not Parquet, or lacks a column.
 */
export async function openParquetRows(plan: ParquetPlan, context: Context): Promise<DataSet> {
  const files: ChosenFile[] = [];
  for (const address of await expandPaths(plan.paths)) {
    files.push(choose(await openParquet(await context.assets.file(address)), plan.columns));
  }
  const embedded = files.filter(({ inside }) => inside).length;
  if (embedded > 0 && embedded < files.length) {
    throw new SyntaxError(
      `${plan.component}.path: expected pictures in all of the files or in none, found them in ` +
        `${embedded} of ${files.length}`,
    );
  }
  const first = files[0]!.file.path;
  const name = files.length === 1
    ? basename(first)
    : `${basename(first)} and ${files.length - 1} more`;
  return embedded > 0
    ? await openEmbedded(name, files, plan, context)
    : await openLinked(name, files, plan, context);
}

interface ChosenFile {
  readonly file: ParquetFile;
  readonly image: string;
  readonly captions: readonly string[];
  /** Whether the pictures are in the file. */
  readonly inside: boolean;
}

function choose(file: ParquetFile, choice: Required<ColumnChoice>): ChosenFile {
  const names = file.columns.map(({ name }) => name);
  const column = (chosen: number | string) => {
    const found = file.columns[findColumn(chosen, names, file.path)];
    if (found !== undefined) return found;
    throw new SyntaxError(
      `${file.path}: expected a column ${chosen}, found ${names.length} columns (${
        names.join(", ")
      })`,
    );
  };
  const image = column(choice.image);
  const captions = choice.captions?.map(column) ??
    file.columns.filter((each) => each !== image && each.text);
  if (captions.length === 0) {
    throw new SyntaxError(`${file.path}: expected columns of captions, found ${names.join(", ")}`);
  }
  return {
    file,
    image: image.name,
    captions: captions.map(({ name }) => name),
    inside: image.binary,
  };
}

/** Pictures that are files. */
async function openLinked(
  name: string,
  files: readonly ChosenFile[],
  plan: ParquetPlan,
  context: Context,
): Promise<DataSet> {
  const folder = plan.images ?? dirname(files[0]!.file.path);
  const rows = await createPictureRows(folder, plan.component);
  for await (const row of rowsOf(files, plan, (where, reason) => rows.refuse(where, reason))) {
    rows.add(row.where, textsOf(row.image)[0]?.trim() ?? "", row.captions);
    if (rows.length === plan.limit) break;
  }
  return rows.dataSet(name, context.images);
}

/** Pictures inside the Parquet files. */
async function openEmbedded(
  name: string,
  files: readonly ChosenFile[],
  plan: ParquetPlan,
  context: Context,
): Promise<DataSet> {
  const rows = createTextRows();
  const faults: DataFault[] = [];
  /** Of each example: the number of its file, and of its row in that. */
  const places: number[] = [];
  const refuse = (where: string, reason: string) => void faults.push({ where, reason });
  for await (const { where, captions, file, row } of rowsOf(files, plan, refuse)) {
    if (captions.length === 0) {
      refuse(where, "expected a caption, found none");
      continue;
    }
    // Without its folder, which is another one on another machine.
    rows.add([`${basename(files[file]!.file.path)}, row ${row + 1}`, ...captions]);
    places.push(file, row);
    if (rows.length === plan.limit) break;
  }
  return createPictureSet({
    name,
    rows,
    faults,
    sizes: new Uint32Array(2 * rows.length),
    images: context.images,
    picture: async (index, id) => {
      const { file, image } = files[places[2 * index]!]!;
      const value = await file.value(image, places[2 * index + 1]!).catch((cause: unknown) => {
        throw new ImageError(id, `cannot be read (${messageOf(cause)})`, { cause });
      });
      const bytes = bytesOf(value);
      if (bytes === undefined) throw new ImageError(id, "expected a picture's bytes, found none");
      // A copy: of a part of a page a worker would be sent the whole page.
      return bytes.slice();
    },
  });
}

interface Row {
  readonly where: string;
  /** The image column's value; `undefined` where the picture is inside the file. */
  readonly image: unknown;
  readonly captions: readonly string[];
  readonly file: number;
  readonly row: number;
}

/** All rows that are not refused, in order. */
async function* rowsOf(
  files: readonly ChosenFile[],
  plan: ParquetPlan,
  refuse: (where: string, reason: string) => void,
): AsyncGenerator<Row> {
  let index = 0;
  for (const [number, { file, image, captions, inside }] of files.entries()) {
    const columns = inside ? captions : [image, ...captions];
    for (const { start, end } of file.groups) {
      const values = await file.read(columns, start, end).catch(messageOf);
      if (typeof values === "string") {
        refuse(`${file.path}, rows ${start + 1} to ${end}`, `cannot be read (${values})`);
        index += end - start;
        continue;
      }
      for (const [i, value] of values.entries()) {
        const where = `${file.path}, row ${start + i + 1}`;
        const given = plan.captions(captions.map((column) => textsOf(value[column])), index++);
        if ("refused" in given) refuse(where, given.refused);
        else yield { where, image: value[image], captions: given, file: number, row: start + i };
      }
    }
  }
}

/** The texts of a value: none, one, or those of a list. */
function textsOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (value instanceof Uint8Array) return [new TextDecoder().decode(value)];
  return Array.isArray(value) ? value.flatMap(textsOf) : [];
}

function bytesOf(value: unknown): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value;
  if (typeof value !== "object" || value === null || !("bytes" in value)) return undefined;
  return value.bytes instanceof Uint8Array ? value.bytes : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
