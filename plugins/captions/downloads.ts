import { createHash } from "node:crypto";
import { join } from "node:path";
import { readWholeLines } from "../../core/host/storage/whole_lines.ts";
import { parseJson } from "../../core/parse_json.ts";
import { describeFound } from "../../core/settings_error.ts";

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
  const hash = createHash("sha256").update(address).digest("hex").slice(0, 32);
  return `${hash.slice(0, 2)}/${hash}`;
}

/**
 * Which pictures a folder has, by address; `undefined` if nothing has been downloaded into it. A
 * last line that was not written to its end, as a killed process leaves it, is passed over.
 *
 * @throws {SyntaxError} if the index is not what `downloadImages` writes; names file and line.
 */
export async function readDownloads(folder: string): Promise<Map<string, Download> | undefined> {
  const path = join(folder, INDEX);
  const downloads = new Map<string, Download>();
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
      downloads.set(url, { file, width, height });
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  return downloads;
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
