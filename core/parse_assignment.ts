import type { Json } from "./component.ts";
import { parseJson } from "./parse_json.ts";
import { SettingsError } from "./settings_error.ts";

/**
 * A setting and its value, as the command line takes them: `path=value`. The value is JSON where it
 * parses as JSON; a list whose quotes the shell has taken (`[a,b]`) is a list of what stands between
 * its commas; all else is text. Further equals signs belong to the value.
 *
 * @throws {SettingsError} if there is no equals sign, or nothing before it.
 */
export function parseAssignment(text: string): { readonly path: string; readonly value: Json } {
  const equals = text.indexOf("=");
  if (equals < 1) {
    const expected = "a setting of the form path=value";
    throw new SettingsError([{ path: [], code: "refused", expected, found: text }]);
  }
  return { path: text.slice(0, equals), value: parseValue(text.slice(equals + 1)) };
}

function parseValue(text: string): Json {
  try {
    return parseJson("a setting", text) as Json;
  } catch {
    const inside = /^\[([^[\]{}"]*)\]$/.exec(text)?.[1];
    return inside === undefined ? text : inside.split(",").map((part) => parseValue(part.trim()));
  }
}
