import { plainName } from "./nearest.ts";

/**
 * The one of the candidates that a name stands for: the same but for case, `_` and `-`, so that
 * `sugarCrepe`, `SugarCrepe` and `sugar-crepe` all name `sugar_crepe`.
 *
 * @example
 * ```ts
 * import { sameName } from "./same_name.ts";
 *
 * console.assert(sameName("sugarCrepe", ["cola", "sugar_crepe"]) === "sugar_crepe");
 * console.assert(sameName("sugar", ["cola", "sugar_crepe"]) === undefined);
 * ```
 */
export function sameName(name: string, candidates: readonly string[]): string | undefined {
  if (candidates.includes(name)) return name;
  const plain = plainName(name);
  return candidates.find((candidate) => plainName(candidate) === plain);
}
