import { decodeText } from "./read_text.ts";

const LINE_END = 0x0a;

/** A line of a file that grows. */
export interface WholeLine {
  /** Its number, from 1, counted from where reading began. */
  readonly line: number;
  readonly text: string;
  /** How many bytes of the file there are up to its end: where one can go on. */
  readonly end: number;
}

/**
 * The lines of a file that grows line by line, without a last one that has no end: its writer was
 * killed, or still writes it. Empty lines are passed over.
 *
 * @param from How many bytes to pass over, up to a line's end. Default: none.
 * @throws {SyntaxError} if a line is not UTF-8; names file and line.
 * @throws {Deno.errors.NotFound} if there is no such file.
 */
export async function* readWholeLines(path: string, from = 0): AsyncGenerator<WholeLine> {
  const file = await Deno.open(path);
  if (from > 0) await file.seek(from, Deno.SeekMode.Start);
  let rest = new Uint8Array(0);
  let line = 0;
  let passed = from;
  for await (const piece of file.readable) {
    const bytes = new Uint8Array(rest.length + piece.length);
    bytes.set(rest);
    bytes.set(piece, rest.length);
    let start = 0;
    for (let end; (end = bytes.indexOf(LINE_END, start)) >= 0; start = end + 1) {
      line++;
      const text = decodeText(bytes.subarray(start, end), `${path}, line ${line}`);
      if (text.trim() !== "") yield { line, text, end: passed + end + 1 };
    }
    passed += start;
    rest = bytes.slice(start);
  }
}
