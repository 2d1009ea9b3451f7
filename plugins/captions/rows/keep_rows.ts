import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Context } from "../../../core/context.ts";
import { StorageError } from "../../../core/host/storage/storage_error.ts";
import type { JsonObject } from "../../../core/component.ts";
import type { CheckedOptions } from "../caption_options.ts";
import { openIndexFile, type ReadRows, writeIndexFile } from "./index_file.ts";
import { sourcesPrint } from "./source_print.ts";

/** Files, and how they are read. */
export interface RowsSource {
  /** How the files are read: options and a name. */
  readonly kind: string;
  readonly paths: readonly string[];
  readonly options: CheckedOptions;
  /** Numbers of each example. */
  readonly width: number;
  /**
   * What else the rows depend on, by the notes that were made when they were read; as it stands now.
   */
  readonly also?: (notes: JsonObject) => Promise<string>;
  /** The versions of files that are not here; what was read of these is always kept. */
  readonly print?: string;
}

/** Rows and bytes of files from which on what was read is kept: less is read as quickly again. */
const LEAST_ROWS = 10_000;
const LEAST_BYTES = 1 << 25;

/**
 * Reads the rows of files once: of large files what was read is kept in the cache's folder
 * `captions`, and taken from there as long as the files are as they were. Rows then stay on the disk.
 *
 * A process that makes such an index keeps others waiting that want the same.
 *
 * @param read Reads them; what it tells is told again whenever the index is opened.
 */
export async function keepRows(
  source: RowsSource,
  { assets, log }: Pick<Context, "assets" | "log">,
  read: (tell: (line: string) => void) => Promise<ReadRows>,
): Promise<ReadRows> {
  const told: string[] = [];
  const tell = (line: string) => {
    told.push(line);
    log(line);
  };
  const isSmall = source.print === undefined && await bytesOf(source.paths) < LEAST_BYTES;
  if (assets.cache === undefined || isSmall) {
    return await read(tell);
  }
  const folder = join(assets.cache, "captions");
  const path = join(folder, `${keyOf(source)}.rows`);
  const print = source.print ?? await sourcesPrint(source.paths);
  const find = async (): Promise<ReadRows | undefined> => {
    const found = openIndexFile(path, print);
    if (found === undefined) return undefined;
    const { also, lines } = found.notes;
    if (also !== (await source.also?.(found.notes) ?? "")) return undefined;
    for (const line of lines as readonly string[]) log(line);
    return found;
  };
  const found = await find();
  if (found !== undefined) return found;
  using _lock = await lockOf(folder, path);
  const made = await find();
  if (made !== undefined) return made;
  const rows = await read(tell);
  if (source.print === undefined && rows.rows.length < LEAST_ROWS) return rows;
  const notes = { ...rows.notes, lines: told };
  const also = await source.also?.(notes) ?? "";
  try {
    await writeIndexFile(path, { ...rows, notes: { ...notes, also } }, {
      source: print,
      width: source.width,
    });
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    log(`${path}: the index of the rows is not kept: ${error.message}`);
    return rows;
  }
  log(`${source.paths[0]}: ${rows.rows.length} examples; their index is kept in ${path}`);
  // From the disk from now on: what the reading took of memory is let go.
  return openIndexFile(path, print) ?? rows;
}

function keyOf({ kind, paths, options }: RowsSource): string {
  const { path: _, images: __, examples: ___, ...rest } = options;
  return createHash("sha256").update(JSON.stringify([kind, paths, options.images, rest]))
    .digest("hex");
}

async function bytesOf(paths: readonly string[]): Promise<number> {
  let bytes = 0;
  for (const path of paths) {
    bytes += await Deno.stat(path).then(({ size }) => size, () => 0);
    if (bytes >= LEAST_BYTES) break;
  }
  return bytes;
}

/** Waits until nobody else makes the index; a folder that cannot be written has nothing to wait for. */
async function lockOf(folder: string, path: string): Promise<Disposable> {
  try {
    await Deno.mkdir(folder, { recursive: true });
    const file = await Deno.open(`${path}.lock`, { create: true, write: true });
    await file.lock(true).catch(() => {});
    return { [Symbol.dispose]: () => file.close() };
  } catch {
    return { [Symbol.dispose]: () => {} };
  }
}
