import type { Json } from "./component.ts";

/**
 * A list of names as people write it: JSON, or what the shell leaves of it (`[a,b]`), a name alone,
 * names with commas between them, or `none`. What is none of these stays as it is.
 *
 * @example
 * ```ts
 * import { nameList } from "./name_list.ts";
 *
 * console.assert(JSON.stringify(nameList("image, logit_scale")) === '["image","logit_scale"]');
 * console.assert(JSON.stringify(nameList("none")) === "[]");
 * ```
 */
export function nameList(value: Json): Json {
  if (typeof value !== "string") return value;
  if (["", "none"].includes(value.trim())) return [];
  return value.split(",").map((name) => name.trim().replace(/^(["'])(.*)\1$/, "$2"));
}
