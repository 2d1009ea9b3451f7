// What is shown, as it stands in the page's address: a link shows the same.

/**
 * @typedef {{
 *   q: string,
 *   method: string,
 *   model: string,
 *   state: string,
 *   sort: string,
 *   columns: string[] | undefined,
 *   runs: string[] | undefined,
 *   terms: boolean,
 *   a: string,
 *   b: string,
 * }} Shown Columns and runs that nobody chose are undefined. `sort` is a column's key, after `-` where
 *   the greatest comes first.
 */

/** The newest first. */
const NEWEST = "-started";

const TEXTS = /** @type {const} */ (["q", "method", "model", "state", "a", "b"]);
const LISTS = /** @type {const} */ (["columns", "runs"]);

/**
 * @param {string} search The address's part from `?` on.
 * @returns {Shown}
 */
export function readAddress(search) {
  const given = new URLSearchParams(search);
  /** @param {string} name */
  const text = (name) => given.get(name) ?? "";
  /** @param {string} name */
  const list = (name) =>
    given.has(name) ? given.getAll(name).filter((each) => each !== "") : undefined;
  return {
    ...{ q: text("q"), method: text("method"), model: text("model"), state: text("state") },
    ...{ columns: list("columns"), runs: list("runs"), terms: given.has("terms") },
    ...{ a: text("a"), b: text("b"), sort: given.get("sort") ?? NEWEST },
  };
}

/**
 * @param {Shown} shown
 * @returns {string} what stands after the path; empty where nothing was chosen.
 */
export function writeAddress(shown) {
  const given = new URLSearchParams();
  for (const name of TEXTS) if (shown[name] !== "") given.set(name, shown[name]);
  if (shown.sort !== NEWEST) given.set("sort", shown.sort);
  if (shown.terms) given.set("terms", "");
  for (const name of LISTS) {
    const all = shown[name];
    // None is a choice too.
    if (all?.length === 0) given.set(name, "");
    for (const each of all ?? []) given.append(name, each);
  }
  return given.size === 0 ? "" : `?${given}`;
}
