/** The most that objects and lists may stand inside each other; no format that is read needs a tenth. */
const DEEPEST = 100;

/**
 * The value of a JSON text.
 *
 * @param where Names the text in errors: a file, a line of it.
 * @throws {SyntaxError} if it is not JSON, or nested so deeply that whoever looks into it would not
 *   come back.
 */
export function parseJson(where: string, text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SyntaxError(`${where}: expected JSON (${(cause as Error).message})`, { cause });
  }
  checkDepth(where, text);
  return value;
}

/**
 * Makes sure that a JSON text is not nested too deeply.
 *
 * @throws {SyntaxError} if it is; names the text.
 */
export function checkDepth(where: string, text: string): void {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === QUOTE) i = endOfString(text, i);
    else if (unit === BRACE || unit === BRACKET) {
      if (++depth > DEEPEST) {
        throw new SyntaxError(`${where}: expected JSON nested at most ${DEEPEST} deep, found more`);
      }
    } else if (unit === BRACE + 2 || unit === BRACKET + 2) depth--;
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Two before the one that closes. */
const BRACE = 0x7b;
const BRACKET = 0x5b;

/** The place of the quote that ends the string which begins at `start`. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return end;
  }
  return text.length;
}
