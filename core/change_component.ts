import type { Component, JsonObject } from "./component.ts";

/**
 * The component with some options changed; itself if there are none.
 *
 * @param path Where the component is in its recipe; refusals name it instead of the component.
 * @throws {RangeError} with one line for each fault: path, what was expected, what was found.
 */
export function changeComponent<C extends Component>(
  component: C,
  path: string,
  changes: JsonObject,
): C {
  if (Object.keys(changes).length === 0) return component;
  try {
    // The interfaces of all kinds of component say that `with` gives the same kind.
    return component.with(changes) as C;
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
    const lines = error.message.split("\n").map((line) => {
      const said = line.slice(component.name.length);
      const isOwn = line.startsWith(component.name) && /^[.:]/.test(said);
      return explainRefusal(path, isOwn ? said : `: ${line}`, changes);
    });
    throw new RangeError(lines.join("\n"), { cause: error });
  }
}

/** What a component said of an option (`.lr: expected …`), with the full path and what was found. */
function explainRefusal(path: string, said: string, changes: JsonObject): string {
  const [, inside, option, reason] = /^((?:\.([^.:]+)[^:]*)?): (.*)$/s.exec(said) ?? [];
  if (inside === undefined || reason === undefined) return `${path}: ${said}`;
  // Of zod's "Invalid input: expected number, received string" only the expectation is kept.
  const plain = reason.replace(/^[A-Z][a-z ]*: (?=expected)/, "").replace(/, received \S+$/, "");
  const value = option === undefined ? undefined : changes[option];
  if (value === undefined || plain.includes("found")) return `${path}${inside}: ${plain}`;
  return `${path}${inside}: ${plain}, found ${JSON.stringify(value)}`;
}
