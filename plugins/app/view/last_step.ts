import { readInto } from "../../../core/host/storage/file_range.ts";
import { parseJson } from "../../../core/parse_json.ts";

/** More than a line of `metrics.jsonl` takes. */
const TAIL = 65_536;

/**
 * The last step of which a run has written a line to its `metrics.jsonl`: only the file's end is
 * read. 0 where there is none.
 *
 * @throws {SyntaxError} if the last whole line is no JSON.
 */
export async function lastStep(path: string): Promise<number> {
  let text: string;
  try {
    using file = await Deno.open(path);
    const { size } = await file.stat();
    const bytes = new Uint8Array(Math.min(size, TAIL));
    await readInto(path, file, bytes, size - bytes.length);
    text = new TextDecoder().decode(bytes);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
  // What follows the last line's end is still being written.
  const last = text.split("\n").slice(0, -1).findLast((line) => line.trim() !== "");
  if (last === undefined) return 0;
  const value = parseJson(`${path}, last line`, last);
  const isStep = typeof value === "object" && value !== null && "step" in value;
  return isStep && typeof value.step === "number" ? value.step : 0;
}
