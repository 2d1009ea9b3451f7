import { sha256OfText } from "../../core/host/sha256_of_text.ts";
import { join } from "node:path";
import { readWholeLines } from "../../core/host/storage/whole_lines.ts";
import { parseJson } from "../../core/parse_json.ts";
import { describeFound } from "../../core/settings_error.ts";
import { sourcePrint } from "./rows/source_print.ts";
import { createTextIndex } from "./rows/text_index.ts";
import { createTextRows } from "./rows/text_rows.ts";

/** A picture that `downloadImages` has put into its folder. */
export interface Download {
  /** Its path in the folder, with `/`. */
  readonly file: string;
  readonly width: number;
  readonly height: number;
}

/** The file of a download folder that says which picture came from which address. */
export const INDEX = "downloads.jsonl";

/** Whether what names a picture is an address on the web. */
export function isWebAddress(image: string): boolean {
  return /^https?:\/\//i.test(image);
}

/**
 * What the picture at an address is called, without its ending: the address's hash, since the last
 * part of an address (`photo.jpg`) is the same for thousands of pictures. The first two digits are
 * a folder, for no file system likes a million files in one.
 */
export function nameOfAddress(address: string): string {
  const hash = sha256OfText(address).slice(0, 32);
  return `${hash.slice(0, 2)}/${hash}`;
}

/**
 * Which pictures a folder has, by address; `undefined` if nothing has been downloaded into it. A
 * last line that was not written to its end, as a killed process leaves it, is passed over.
 *
 * @throws {SyntaxError} if the index is not what `downloadImages` writes; names file and line.
 */
export async function readDownloads(folder: string): Promise<Map<string, Download> | undefined> {
  const downloads = new Map<string, Download>();
  const found = await eachDownload(folder, (url, download) => void downloads.set(url, download));
  return found ? downloads : undefined;
}

/** Pictures that were downloaded, by address. */
export interface Downloads {
  /** The picture of an address; `undefined` if it was not downloaded. */
  get(url: string): Download | undefined;
}

/** As {@linkcode readDownloads}, with what is known of the pictures on the disk where it is much. */
export async function openDownloads(folder: string): Promise<Downloads | undefined> {
  const rows = createTextRows();
  const known = createTextIndex((row) => rows.get(row)[0]!);
  /** Those that were downloaded again. */
  const later = new Map<string, Download>();
  const found = await eachDownload(folder, (url, download) => {
    if (known.find(url) !== undefined) later.set(url, download);
    else {
      known.add(url, rows.length);
      rows.add([url, download.file, String(download.width), String(download.height)]);
    }
  });
  if (!found) return undefined;
  return {
    get(url) {
      const row = known.find(url);
      if (row === undefined) return undefined;
      const [, file, width, height] = rows.get(row);
      return later.get(url) ?? { file: file!, width: Number(width), height: Number(height) };
    },
  };
}

/** Tells whether a folder's downloads are still those that there were; empty if there are none. */
export async function downloadsPrint(folder: string): Promise<string> {
  try {
    return await sourcePrint(join(folder, INDEX));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

/** @returns whether anything has been downloaded. */
async function eachDownload(
  folder: string,
  take: (url: string, download: Download) => void,
): Promise<boolean> {
  const path = join(folder, INDEX);
  try {
    for await (const { line, value } of readWholeJsonLines(path)) {
      if (!isEntry(value)) {
        throw new SyntaxError(
          `${path}, line ${line}: expected url, file, width and height, found ${
            describeFound(value)
          }`,
        );
      }
      const { url, file, width, height } = value;
      take(url, { file, width, height });
    }
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/**
 * The values of a file with one JSON value a line, without a last line that has no end.
 *
 * @throws {SyntaxError} if a line is not JSON; names file and line.
 */
export async function* readWholeJsonLines(
  path: string,
): AsyncGenerator<{ readonly line: number; readonly value: unknown }> {
  for await (const { line, text } of readWholeLines(path)) {
    yield { line, value: parseJson(`${path}, line ${line}`, text) };
  }
}

function isEntry(value: unknown): value is Download & { readonly url: string } {
  return typeof value === "object" && value !== null &&
    "url" in value && typeof value.url === "string" &&
    "file" in value && typeof value.file === "string" &&
    "width" in value && typeof value.width === "number" &&
    "height" in value && typeof value.height === "number";
}
