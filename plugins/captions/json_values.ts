/** A JSON object, or a row of Parquet. */
export type Entry = { readonly [key: string]: unknown };

/** Whether a value is an object and no list. */
export function isEntry(value: unknown): value is Entry {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !ArrayBuffer.isView(value);
}

/**
 * What stands at a name such as `sentences.raw` in an object: a key of that whole name, else inside
 * objects, of each item where a list is on the way.
 */
export function valueAt(entry: unknown, name: string): unknown {
  if (Array.isArray(entry)) return entry.map((item) => valueAt(item, name));
  if (!isEntry(entry)) return undefined;
  if (Object.hasOwn(entry, name)) return entry[name];
  for (let dot = name.indexOf("."); dot >= 0; dot = name.indexOf(".", dot + 1)) {
    const inside = entry[name.slice(0, dot)];
    if (inside !== undefined) return valueAt(inside, name.slice(dot + 1));
  }
  return undefined;
}

/** The texts of a value: none, one, or those of a list. */
export function textsOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.flatMap(textsOf) : [];
}

/** The names of all values inside objects, in the order in which they first occur. */
export function namesIn(entries: readonly unknown[]): readonly string[] {
  const names = new Set<string>();
  const visit = (value: unknown, name: string): void => {
    if (Array.isArray(value)) {
      if (value.every((item) => !isEntry(item))) names.add(name);
      else for (const item of value) visit(item, name);
    } else if (isEntry(value)) {
      for (const [key, inside] of Object.entries(value)) {
        visit(inside, name === "" ? key : `${name}.${key}`);
      }
    } else if (name !== "") names.add(name);
  };
  for (const entry of entries) visit(entry, "");
  return [...names];
}

/** A value as a cell that columns are recognised by: its first text, or its number. */
export function cellOf(value: unknown): string {
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") {
    return String(value);
  }
  if (Array.isArray(value)) return value.length === 0 ? "" : cellOf(value[0]);
  return typeof value === "string" ? value : "";
}
