import { isGzip, readStart, readTextPieces } from "../../core/host/storage/read_text.ts";
import { isTarHeader } from "./tar_members.ts";

/** What a file of captions is. */
export type DataFormat = "table" | "json" | "jsonl" | "parquet" | "webdataset" | "folder";

/** Bytes by which binary formats are told: a header of tar. */
const HEAD = 512;

/** Characters of a first line beyond which a file is not one of JSON lines. */
const LONGEST_LINE = 1 << 20;

/** What files begin with that hold tables or archives of other kinds. */
const STRANGERS: readonly (readonly [string, string])[] = [
  ["ARROW1", "Arrow; save it as Parquet"],
  ["PK\x03\x04", "ZIP; unpack it, or save an Excel workbook as CSV"],
  ["\xff\xd8\xff", "a JPEG picture"],
  ["\x89PNG", "a PNG picture"],
  ["SQLite", "SQLite"],
];

/**
 * What a file is, by its content: Parquet and tar by their first bytes, text in JSON by its first
 * line, any other text is a table.
 *
 * @throws {SyntaxError} if it is empty, or of a kind that is not read; names the kind.
 */
export async function formatOf(path: string): Promise<Exclude<DataFormat, "folder">> {
  const head = await readStart(path, HEAD);
  const magic = String.fromCharCode(...head.subarray(0, 8));
  const binary = magic.startsWith("PAR1") ? "parquet" : isTarHeader(head) ? "webdataset" : null;
  if (binary !== null) {
    // These are read at random.
    if (!isGzip(await readRaw(path))) return binary;
    throw new SyntaxError(`${path}: expected ${binary} as it is, found it in gzip: unpack it`);
  }
  const stranger = STRANGERS.find(([beginning]) => magic.startsWith(beginning));
  if (stranger !== undefined) {
    throw new SyntaxError(
      `${path}: expected a table, JSON, Parquet or tar, found ${stranger[1]}`,
    );
  }
  const text = (await readLines(path)).trimStart();
  if (text === "") throw new SyntaxError(`${path}: expected pictures and captions, found nothing`);
  if (/^<(!doctype|html|\?xml)/i.test(text)) {
    throw new SyntaxError(`${path}: expected a table, JSON, Parquet or tar, found HTML or XML`);
  }
  if (/^[[{]/.test(text) && !/\.(csv|tsv|tab|txt)(\.gz)?$/i.test(path)) {
    return isJsonLine(text) ? "jsonl" : "json";
  }
  return "table";
}

/** Whether the first line is a whole JSON object and not all of the text. */
function isJsonLine(text: string): boolean {
  const end = text.indexOf("\n");
  if (end < 0 || text.slice(end).trim() === "") return false;
  try {
    return !Array.isArray(JSON.parse(text.slice(0, end)));
  } catch {
    return false;
  }
}

/** The first two bytes as they are. */
async function readRaw(path: string): Promise<Uint8Array> {
  using file = await Deno.open(path);
  const bytes = new Uint8Array(2);
  await file.read(bytes);
  return bytes;
}

/** The text up to behind the second line. */
async function readLines(path: string): Promise<string> {
  let text = "";
  for await (const piece of readTextPieces(path)) {
    text += piece;
    if (text.trim().indexOf("\n") >= 0 || text.length > LONGEST_LINE) break;
  }
  return text;
}
