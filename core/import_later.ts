/**
 * Imports a module of this package when it is needed.
 *
 * Deno fetches whatever an import with a literal specifier names before the program starts, a
 * dynamic one's packages too: a list of recipes would download all that any recipe uses. What is
 * computed it fetches when it gets there.
 *
 * @param specifier Relative to the module that asks: `"./adamw.ts"`.
 * @param base That module's `import.meta.url`.
 *
 * @example
 * ```ts
 * import { importLater } from "./import_later.ts";
 *
 * const { nearest } = await importLater<typeof import("./nearest.ts")>(
 *   "./nearest.ts",
 *   import.meta.url,
 * );
 * ```
 */
export function importLater<Module>(specifier: string, base: string): Promise<Module> {
  return import(new URL(specifier, base).href);
}
