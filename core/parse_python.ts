/** What a literal of Python stands for. */
export type PythonValue =
  | string
  | number
  | boolean
  | null
  | readonly PythonValue[]
  | { readonly [key: string]: PythonValue };

/**
 * A value as Python shows it (`repr`), as tables that pandas wrote hold lists and dicts: texts in
 * either quotes, numbers, `True`, `False`, `None`, lists, tuples and dicts.
 *
 * @returns undefined if the text is something else.
 *
 * @example
 * ```ts
 * import { parsePython } from "./parse_python.ts";
 *
 * const value = parsePython(`['a "big" dog', "a dog's bone"]`);
 * console.assert(Array.isArray(value) && value[1] === "a dog's bone");
 * ```
 */
export function parsePython(text: string): PythonValue | undefined {
  // Tokens of JSON in the place of Python's: nothing is left that JSON would read otherwise.
  const tokens: string[] = [];
  const token = new RegExp(TOKEN, "yu");
  for (let at = 0; at < text.length; at = token.lastIndex) {
    token.lastIndex = at;
    const found = token.exec(text)?.groups;
    if (found === undefined) return undefined;
    const { quoted, word, mark, number } = found;
    if (quoted !== undefined) tokens.push(JSON.stringify(unescape(quoted.slice(1, -1))));
    else if (word !== undefined) tokens.push(WORDS[word]!);
    else if (number !== undefined) tokens.push(number);
    else if (mark === "(" || mark === "[") tokens.push("[");
    else if (mark !== undefined) {
      // Python allows a comma before the end, and shows one in a tuple of one.
      const closes = /[)\]}]/.test(mark) && tokens.at(-1) === ",";
      if (closes && !/^[[{]?$/.test(tokens.at(-2) ?? "")) tokens.pop();
      tokens.push(mark === ")" ? "]" : mark);
    }
  }
  try {
    return JSON.parse(tokens.join(" "));
  } catch {
    return undefined;
  }
}

const TOKEN = String.raw`(?<quoted>"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*')` +
  String
    .raw`|(?<word>True|False|None)\b|(?<number>-?\d+(?:\.\d+)?(?:e[-+]?\d+)?)|(?<mark>[\[\](){},:])|\s+`;

const WORDS: Readonly<Record<string, string>> = { True: "true", False: "false", None: "null" };

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "\n": "" };

function unescape(inside: string): string {
  return inside.replaceAll(
    /\\(?:x([\dA-Fa-f]{2})|u([\dA-Fa-f]{4})|U([\dA-Fa-f]{8})|([^]))/g,
    (_, x?: string, u?: string, long?: string, other = "") => {
      const code = x ?? u ?? long;
      if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
      return ESCAPES[other] ?? other;
    },
  );
}
