import { isUtf8 } from "node:buffer";
import {
  asyncBufferFromFile,
  parquetMetadataAsync,
  type ParquetParsers,
  parquetReadObjects,
  type SchemaTree,
} from "hyparquet";
import { compressors } from "hyparquet-compressors";
import {
  checkColumns,
  checkedSchema,
  checkIndexedRow,
  chunksOf,
  type OpenedParquet,
} from "./check_parquet.ts";

/** A column of a Parquet file, or a field inside a group. */
export interface ParquetColumn {
  /** Its name; of a field inside a group with those of the groups, `meta.url`. */
  readonly name: string;
  /** The column that holds it: what is read. */
  readonly column: string;
  /** Whether its values are texts, or lists of texts. */
  readonly text: boolean;
  /** Whether its values are bytes, or groups `{ bytes, path }` as Hugging Face writes pictures. */
  readonly binary: boolean;
}

/** Rows that are stored together. */
export interface RowGroup {
  /** The number of its first row. */
  readonly start: number;
  /** The number of its last row and 1. */
  readonly end: number;
}

/** A Parquet file that is read piece by piece. */
export interface ParquetFile {
  readonly path: string;
  readonly columns: readonly ParquetColumn[];
  readonly groups: readonly RowGroup[];
  /**
   * Some columns of the rows from `start` to before `end`.
   *
   * @throws {SyntaxError} if they are damaged or compressed in another way; begins with
   *   {@linkcode rowsIn}.
   */
  read(
    columns: readonly string[],
    start: number,
    end: number,
  ): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** One column's value of one row; reads a page or a row group, and remembers the latter a while. */
  value(column: string, row: number): Promise<unknown>;
}

/** Texts that are not UTF-8 stay bytes: only their row is refused, by who wants to have a text. */
const parsers: Partial<ParquetParsers> = {
  stringFromBytes(bytes?: Uint8Array) {
    return bytes === undefined || !isUtf8(bytes) ? bytes : decoder.decode(bytes);
  },
};

// A mark inside a text is a character as any other.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Uncompressed bytes of row groups that are remembered. */
const REMEMBERED = 1 << 28;

/**
 * Opens a Parquet file: its schema and where its row groups are. Compressed by Snappy, zstd, gzip,
 * Brotli or LZ4.
 *
 * @throws {SyntaxError} if it is not a Parquet file; names it.
 */
export async function openParquet(path: string): Promise<ParquetFile> {
  const file = await asyncBufferFromFile(path);
  const refuse = (cause: unknown): never => {
    throw new SyntaxError(`${path}: expected a Parquet file (${reasonOf(cause)})`, { cause });
  };
  const metadata = await parquetMetadataAsync(file).catch(refuse);
  const groups: RowGroup[] = [];
  for (const { num_rows } of metadata.row_groups) {
    const start = groups.at(-1)?.end ?? 0;
    groups.push({ start, end: start + Number(num_rows) });
  }
  let schema: SchemaTree;
  try {
    schema = checkedSchema(metadata);
  } catch (cause) {
    return refuse(cause);
  }
  const read: ParquetFile["read"] = async (columns, rowStart, rowEnd) => {
    try {
      await checkColumns({ file, metadata, schema }, columns, rowStart, rowEnd);
      return await parquetReadObjects({
        file,
        metadata,
        compressors,
        columns: [...columns],
        rowStart,
        rowEnd,
        // Texts say in the schema that they are; all other bytes are bytes.
        utf8: false,
        parsers,
      });
    } catch (cause) {
      throw unreadable(rowsIn(path, rowStart, rowEnd), cause);
    }
  };
  return {
    path,
    columns: schema.children.flatMap(describeColumns),
    groups,
    read,
    value: createValueReader({ file, metadata, schema }, path, groups, read),
  };
}

function createValueReader(
  opened: OpenedParquet,
  path: string,
  groups: readonly RowGroup[],
  read: ParquetFile["read"],
): ParquetFile["value"] {
  const { file, metadata } = opened;
  /** By column and group, the one used last at the end. */
  const remembered = new Map<string, { bytes: number; rows: ReturnType<ParquetFile["read"]> }>();
  let total = 0;
  const groupRows = (column: string, group: number) => {
    const key = `${group} ${column}`;
    const known = remembered.get(key);
    if (known !== undefined) {
      remembered.delete(key);
      remembered.set(key, known);
      return known.rows;
    }
    const { start, end } = groups[group]!;
    const bytes = chunksOf(metadata, group, column)
      .reduce((sum, chunk) => sum + Number(chunk.meta_data?.total_uncompressed_size ?? 0), 0);
    const rows = read([column], start, end);
    remembered.set(key, { bytes, rows });
    total += bytes;
    for (const [oldest, entry] of remembered) {
      if (total <= REMEMBERED || oldest === key) break;
      remembered.delete(oldest);
      total -= entry.bytes;
    }
    return rows;
  };
  return async (column, row) => {
    const group = groups.findIndex(({ end }) => row < end);
    const indexed = chunksOf(metadata, group, column)
      .every(({ offset_index_offset }) => offset_index_offset !== undefined);
    if (!indexed) return (await groupRows(column, group))[row - groups[group]!.start]?.[column];
    try {
      await checkIndexedRow(opened, column, group, row - groups[group]!.start);
      const [only] = await parquetReadObjects({
        file,
        metadata,
        compressors,
        columns: [column],
        rowStart: row,
        rowEnd: row + 1,
        utf8: false,
        parsers,
        useOffsetIndex: true,
      });
      return only?.[column];
    } catch (cause) {
      throw unreadable(rowsIn(path, row, row + 1), cause);
    }
  };
}

/** A column, or the fields of a group. */
function describeColumns(tree: SchemaTree): readonly ParquetColumn[] {
  const column = tree.element.name;
  // Pictures as Hugging Face writes them: together they are one.
  const bytes = tree.children.find(({ element }) => element.name === "bytes");
  if (bytes !== undefined) return [{ name: column, column, text: false, binary: isBytes(bytes) }];
  return fieldsOf(tree).map(({ path, leaf }) => ({
    name: path.join("."),
    column,
    text: isText(leaf),
    binary: path.length === 1 && isBytes(leaf),
  }));
}

/** The leaves of a column by their names, without those that only make lists of them. */
function fieldsOf(
  tree: SchemaTree,
): readonly { readonly path: readonly string[]; readonly leaf: SchemaTree }[] {
  const { name, converted_type: type } = tree.element;
  const isList = type === "LIST" || tree.element.logical_type?.type === "LIST";
  if (tree.children.length === 0) return [{ path: [name], leaf: tree }];
  // A list holds a repeated group, and that its items.
  const inside = isList ? tree.children.flatMap(({ children }) => children) : tree.children;
  if (isList && inside.length === 0) return [{ path: [name], leaf: tree.children[0]! }];
  return inside.flatMap((child) =>
    fieldsOf(child).map(({ path, leaf }) => ({
      path: [name, ...(isList ? path.slice(1) : path)],
      leaf,
    }))
  );
}

function isText({ element }: SchemaTree): boolean {
  return element.converted_type === "UTF8" || element.logical_type?.type === "STRING";
}

function isBytes(leaf: SchemaTree): boolean {
  return leaf.element.type === "BYTE_ARRAY" && !isText(leaf);
}

/** A place in a Parquet file, for people. */
export function rowsIn(path: string, start: number, end: number): string {
  return `${path}, rows ${start + 1} to ${end}`;
}

function unreadable(where: string, cause: unknown): SyntaxError {
  return new SyntaxError(`${where}: cannot be read (${reasonOf(cause)})`, { cause });
}

/** Why a file cannot be read. */
function reasonOf(error: unknown): string {
  // A library that believes what a damaged file says comes upon values that are not there.
  const isOther = !(error instanceof Error) || error instanceof TypeError ||
    error instanceof RangeError || error.message.includes("undefined");
  return isOther ? "it is damaged" : error.message;
}
