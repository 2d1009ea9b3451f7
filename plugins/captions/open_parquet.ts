import type { Context } from "../../core/context.ts";
import { readPicture } from "../../core/host/images/read_picture.ts";
import { decodeText } from "../../core/host/storage/read_text.ts";
import type { CheckedOptions } from "./caption_options.ts";
import { captionColumns } from "./column_names.ts";
import { chooseColumns } from "./columns.ts";
import { cellOf, valueAt } from "./json_values.ts";
import { nameOf, openRows, type SourceRow } from "./open_rows.ts";
import { openParquet, type ParquetFile, rowsIn } from "./parquet_file.ts";
import { findPictures, pictureFile } from "./picture_place.ts";
import { createPictureSet, type PictureSet } from "./picture_set.ts";
import { createFaultList } from "./rows/fault_list.ts";
import type { ReadRows } from "./rows/index_file.ts";
import { keepRows } from "./rows/keep_rows.ts";
import { createNumberRows } from "./rows/number_rows.ts";
import { stretchesOf } from "./stretches.ts";
import { pictureValue } from "./picture_value.ts";
import { splitTexts } from "./split_texts.ts";
import { createTextRows } from "./rows/text_rows.ts";

/** Rows by which the columns are recognised. */
const SAMPLE = 50;

/** A file, and which of its columns are read. */
interface ChosenFile {
  readonly file: ParquetFile;
  readonly image: string;
  readonly captions: readonly string[];
  /** Whether the pictures are in the file. */
  readonly inside: boolean;
}

/**
 * Opens Parquet files with a row a picture, which is a file, an address, or stands in the row itself.
 * Files may be larger than memory: captions are read once, one row group at a time, and kept on the
 * disk where there are many; a picture's bytes are read with the page that holds them if the file has
 * an index of its pages, else with its row group, and some row groups are remembered.
 *
 * @throws {SyntaxError} if a file is not Parquet, or lacks a column, or it is not clear which is meant.
 */
export async function openParquetFiles(
  paths: readonly string[],
  options: CheckedOptions,
  context: Context,
): Promise<PictureSet> {
  const files: ChosenFile[] = [];
  for (const path of paths) files.push(await choose(path, options, files[0], context.log));
  const embedded = files.filter(({ inside }) => inside).length;
  if (embedded > 0 && embedded < files.length) {
    throw new SyntaxError(
      `captions.path: expected pictures in all of the files or in none, found them in ` +
        `${embedded} of ${files.length}`,
    );
  }
  if (embedded > 0) return await openEmbedded(files, options, context);
  return await openRows(paths, options, context, async function* (path) {
    yield* rowsOf(files.find(({ file }) => file.path === path)!);
  });
}

/** @param before The file before, whose columns this one is to have. */
async function choose(
  path: string,
  { columns: choice }: CheckedOptions,
  before: ChosenFile | undefined,
  log: Context["log"],
): Promise<ChosenFile> {
  const file = await openParquet(path);
  const names = file.columns.map(({ name }) => name);
  // Some writers do not say of texts that they are.
  const isBytes = (column: number) =>
    file.columns[column]!.binary && captionColumns([names[column]!]).columns.length === 0;
  const numbers = [...names.keys()];
  const plain = numbers.filter((column) => file.columns[column]!.text);
  const isChosen = before !== undefined || choice.image !== null && choice.captions !== null;
  const [rows, refused] = isChosen ? [[], undefined] : await sampleOf(file, plain);
  if (refused !== undefined) log(refused);
  const { image, captions, told } = chooseColumns({
    names,
    sample: rows.map((row) => names.map((name) => cellOf(valueAt(row, name)))),
    bytes: numbers.filter(isBytes),
    others: numbers.filter((column) => !plain.includes(column) && !file.columns[column]!.binary),
    choice: before ?? choice,
    where: path,
  });
  if (before === undefined) log(`${path}: ${told}`);
  return {
    file,
    image: names[image]!,
    captions: "except" in captions ? [] : captions.map((column) => names[column]!),
    inside: file.columns[image]!.binary,
  };
}

async function sampleOf(
  file: ParquetFile,
  plain: readonly number[],
): Promise<readonly [rows: readonly unknown[], refused: string | undefined]> {
  const columns = [...new Set(plain.map((column) => file.columns[column]!.column))];
  if (columns.length === 0) return [[], undefined];
  try {
    return [await file.read(columns, 0, Math.min(SAMPLE, file.groups[0]?.end ?? 0)), undefined];
  } catch (error) {
    return [[], messageOf(error)];
  }
}

/** Pictures inside the Parquet files. */
async function openEmbedded(
  files: readonly ChosenFile[],
  options: CheckedOptions,
  context: Context,
): Promise<PictureSet> {
  const paths = files.map(({ file }) => file.path);
  const { rows, numbers: places, faults } = await keepRows(
    { kind: "parquet", paths, options, width: 2 },
    context,
    async () => await readEmbedded(files, options),
  );
  const groups = files.flatMap(({ file }, number) =>
    file.groups.map(({ start }) => [number, start] as const)
  );
  let folder: Promise<string> | undefined;
  return createPictureSet({
    name: nameOf(paths),
    rows,
    faults,
    stretches: stretchesOf(options, places, groups.length, (group) => groups[group]!),
    images: context.images,
    picture: async (index, id) => {
      const { file, image } = files[places.get(index, 0)]!;
      const value = await pictureValue(file, image, places.get(index, 1), id);
      if (value instanceof Uint8Array) return value;
      folder ??= findPictures(options, paths[0]!, [value], context);
      return await readPicture(await pictureFile(await folder, value, context.assets), id);
    },
  });
}

/** The captions of pictures inside the files; of each the number of its file, and of its row in that. */
async function readEmbedded(
  files: readonly ChosenFile[],
  { split, limit }: CheckedOptions,
): Promise<ReadRows> {
  const rows = createTextRows();
  const faults = createFaultList();
  const numbers = createNumberRows(2);
  const read = { rows, numbers, faults, notes: {} };
  for (const [number, chosen] of files.entries()) {
    for await (const some of rowsOf(chosen)) {
      for (const row of some) {
        const captions = "refused" in row ? row : splitTexts(row.captions, split);
        if ("refused" in captions) faults.add(row.where, captions.refused);
        else if (captions.length === 0) faults.add(row.where, "expected a caption, found none");
        else if (rows.length === limit) return read;
        else if ("row" in row) {
          // Without its folder, which is another one on another machine.
          rows.add([`${nameOf([chosen.file.path])}, row ${row.row + 1}`, ...captions]);
          numbers.add(number, row.row);
        }
      }
    }
  }
  return read;
}

type Row =
  | (Extract<SourceRow, { readonly image: string }> & { readonly row: number })
  | Extract<
    SourceRow,
    { readonly refused: string }
  >;

/** All rows of a file, in order; where the pictures are inside the file without them. */
async function* rowsOf(
  { file, image, captions, inside }: ChosenFile,
): AsyncGenerator<readonly Row[]> {
  const wanted = inside ? captions : [image, ...captions];
  const columns = [
    ...new Set(wanted.map((name) => file.columns.find((each) => each.name === name)!.column)),
  ];
  for (const { start, end } of file.groups) {
    const values = await file.read(columns, start, end).catch(messageOf);
    if (typeof values === "string") {
      const where = rowsIn(file.path, start, end);
      yield [{ where, refused: values.replace(`${where}: `, "") }];
      continue;
    }
    yield values.map((value, i): Row => {
      const where = `${file.path}, row ${start + i + 1}`;
      try {
        const pictures = inside ? [] : textsOf(valueAt(value, image), "its picture");
        if (pictures.length > 1) {
          return { where, refused: `expected one picture, found ${pictures.length}` };
        }
        const texts = captions.flatMap((name) => textsOf(valueAt(value, name), name));
        return { where, image: pictures[0]?.trim() ?? "", captions: texts, row: start + i };
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        return { where, refused: error.message };
      }
    });
  }
}

/** The texts of a value: none, one, or those of a list. */
function textsOf(value: unknown, name: string): readonly string[] {
  if (typeof value === "string") return [value];
  // What is not UTF-8, or was not said to be a text.
  if (value instanceof Uint8Array) return [decodeText(value, name)];
  return Array.isArray(value) ? value.flatMap((each) => textsOf(each, name)) : [];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
