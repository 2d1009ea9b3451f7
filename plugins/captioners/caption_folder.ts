import { dirname, join, relative, sep } from "node:path";
// @ts-types="@types/papaparse"
import Papa from "papaparse";
import type { Context } from "../../core/context.ts";
import type { DataFault } from "../../core/dataset.ts";
import { appendWhole } from "../../core/host/storage/append.ts";
import { listPictures } from "../../core/host/images/list_pictures.ts";
import { PictureError } from "../../core/images/picture_error.ts";
import type { Raster } from "../../core/images/raster.ts";
import { type Shard, shareOf } from "../../core/shard.ts";
import { captions } from "../captions/captions.ts";
import { usualDelimiter } from "../captions/delimiter.ts";
import type { Captioner } from "./captioner.ts";
import { dropTornRow } from "./torn_row.ts";

/** What {@linkcode captionFolder} works on. */
export interface CaptionFolderOptions {
  /** The folder with the pictures; folders inside it count as well. */
  readonly folder: string;
  /** The table that captions are appended to, TSV if it ends in `.tsv` or `.tab`, else CSV. */
  readonly table: string;
  /** The folder that the table's paths start from. Default: its own. */
  readonly home?: string;
  /** Captions only the pictures that are this process's share. Default: all. */
  readonly shard?: Shard;
  /** Writes the captions; it is prepared, and closed at the end. */
  readonly captioner: Captioner;
  /** Pictures between two writes to the table. Default 8. */
  readonly batch?: number;
  /** Stops the work after the batch that it is at. */
  readonly signal?: AbortSignal;
  /** Told after each batch how many of the pictures to caption have been gone through. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** What came of it. */
export interface CaptionFolderReport {
  /** Pictures in the folder; of a share how many are in it. */
  readonly pictures: number;
  /** Pictures that were in the table before. */
  readonly kept: number;
  /** Rows added to the table. */
  readonly written: number;
  /** Pictures without a row, and why; they are tried again the next time. */
  readonly broken: readonly DataFault[];
  /** `false` if it was stopped. */
  readonly completed: boolean;
}

/**
 * Captions every picture of a folder that is not in the table yet, in the order of their paths, and
 * appends a row for each: the path from the table's folder, the caption. The table is what
 * `captions` reads; a run that was stopped or killed goes on where it was, since only whole rows
 * count.
 *
 * A picture that cannot be decoded, or gets no caption, is left out and named in the report.
 *
 * @throws {Deno.errors.NotFound} if there is no such folder.
 * @throws {SyntaxError} if there is a table already and it does not parse.
 * @throws {StorageError} if the disk is full; the rows before stay.
 */
export async function captionFolder(
  { folder, table, home = dirname(table), shard, captioner, batch = 8, signal, onProgress }:
    CaptionFolderOptions,
  context: Context,
): Promise<CaptionFolderReport> {
  if (!Number.isInteger(batch) || batch < 1) {
    throw new RangeError(`batch: expected a whole number of at least 1, found ${batch}`);
  }
  const all = (await listPictures(folder)).map((path) => rowPath(home, path)).sort();
  // Whole batches, so that pictures are captioned together with the same ones in each case.
  const share = shard === undefined ? undefined : shareOf(shard, all.length, batch);
  const pictures = all.slice(share?.start, share?.end);
  const known = await pathsOf(table, context);
  const wanted = pictures.filter((path) => !known.has(path));
  const broken: DataFault[] = [];
  let written = 0;
  let done = 0;
  if (wanted.length > 0) {
    const ready = await captioner.prepare?.(context) ?? captioner;
    try {
      await Deno.mkdir(dirname(table), { recursive: true });
      using file = await Deno.open(table, { create: true, append: true });
      while (done < wanted.length && !signal?.aborted) {
        const paths = wanted.slice(done, done + batch);
        const rows = await captionBatch(paths, home, ready, context, broken);
        // In one write, so that another reader sees whole rows.
        appendWhole(file, table, new TextEncoder().encode(formatRows(rows, table)));
        written += rows.length;
        done += paths.length;
        onProgress?.(done, wanted.length);
      }
    } finally {
      await ready.close?.();
    }
  }
  return {
    pictures: pictures.length,
    kept: pictures.length - wanted.length,
    written,
    broken,
    completed: done === wanted.length,
  };
}

/** Rows of the pictures that could be captioned; the others are added to `broken`. */
async function captionBatch(
  paths: readonly string[],
  from: string,
  captioner: Captioner,
  { images }: Context,
  broken: DataFault[],
): Promise<readonly (readonly [path: string, caption: string])[]> {
  const decoded = await Promise.all(paths.map(async (path): Promise<Raster | DataFault> => {
    // Such a name would end its row before its caption is there.
    if (/[\r\n]/.test(path)) return { where: path, reason: "expected a name without line breaks" };
    try {
      return await images.decode(join(from, path), { kind: "full" });
    } catch (error) {
      if (error instanceof PictureError) return { where: path, reason: error.message };
      throw error;
    }
  }));
  const whole = decoded.filter((result) => "data" in result);
  const captions = await captioner.caption(whole);
  const rows: [string, string][] = [];
  let next = 0;
  for (const [i, result] of decoded.entries()) {
    const path = paths[i]!;
    if (!("data" in result)) {
      broken.push(result);
      continue;
    }
    const caption = captions[next++]!.replace(/\s+/g, " ").trim();
    if (caption !== "") rows.push([path, caption]);
    else broken.push({ where: path, reason: "expected a caption, the model gave none" });
  }
  return rows;
}

/** The path that the table's row gets: from the table's folder, as `captions` reads it. */
function rowPath(home: string, picture: string): string {
  return relative(home, picture).replaceAll(sep, "/");
}

/** The paths that are in the table already. */
async function pathsOf(table: string, context: Context): Promise<ReadonlySet<string>> {
  const paths = new Set<string>();
  if (!await dropTornRow(table, context.log)) return paths;
  const data = await captions({
    path: table,
    format: "table",
    columns: { image: 0, captions: [1] },
    delimiter: usualDelimiter(table),
    header: false,
    // How a table of one's own is read is no news.
  }).open({ ...context, log: () => {} });
  for (let i = 0; i < data.length; i++) paths.add(data.record(i).id);
  return paths;
}

function formatRows(rows: readonly (readonly string[])[], table: string): string {
  if (rows.length === 0) return "";
  const delimiter = usualDelimiter(table);
  const text = Papa.unparse(rows.map((row) => [...row]), { delimiter, newline: "\n" });
  return `${text}\n`;
}
