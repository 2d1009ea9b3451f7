import { parseJson } from "../../parse_json.ts";
import { readText, readTextPieces } from "./read_text.ts";

/**
 * The value of a JSON file, whose text is read as {@linkcode readText} does.
 *
 * @throws {SyntaxError} if it is not JSON, or not UTF-8; names the file.
 */
export async function readJson(path: string): Promise<unknown> {
  return parseJson(path, await readText(path));
}

/**
 * The values of a file with one JSON value a line; empty lines are passed over.
 *
 * @throws {SyntaxError} if a line is not JSON; names file and line.
 */
export async function* readJsonLines(
  path: string,
): AsyncGenerator<{ readonly line: number; readonly value: unknown }> {
  let rest = "";
  let line = 0;
  for await (const piece of readTextPieces(path)) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop()!;
    for (const text of lines) {
      line++;
      if (text.trim() !== "") yield { line, value: parseJson(`${path}, line ${line}`, text) };
    }
  }
  if (rest.trim() !== "") {
    yield { line: line + 1, value: parseJson(`${path}, line ${line + 1}`, rest) };
  }
}
