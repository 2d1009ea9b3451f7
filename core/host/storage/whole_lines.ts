import { decodeText } from "./read_text.ts";

const LINE_END = 0x0a;

/**
 * The lines of a file that grows line by line, without a last one that has no end: its writer was
 * killed, or still writes it. Empty lines are passed over.
 *
 * @throws {SyntaxError} if a line is not UTF-8; names file and line.
 * @throws {Deno.errors.NotFound} if there is no such file.
 */
export async function* readWholeLines(
  path: string,
): AsyncGenerator<{ readonly line: number; readonly text: string }> {
  const file = await Deno.open(path);
  let rest = new Uint8Array(0);
  let line = 0;
  for await (const piece of file.readable) {
    const bytes = new Uint8Array(rest.length + piece.length);
    bytes.set(rest);
    bytes.set(piece, rest.length);
    let start = 0;
    for (let end; (end = bytes.indexOf(LINE_END, start)) >= 0; start = end + 1) {
      line++;
      const text = decodeText(bytes.subarray(start, end), `${path}, line ${line}`);
      if (text.trim() !== "") yield { line, text };
    }
    rest = bytes.slice(start);
  }
}
