import type { Json } from "./component.ts";
import { SettingsError } from "./settings_error.ts";

/**
 * A setting and its value, as the command line takes them: `path=value`. The value is JSON where it
 * parses as JSON and text where it does not; further equals signs belong to it.
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
    return JSON.parse(text);
  } catch {
    return text;
  }
}
