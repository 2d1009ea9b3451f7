import { definePlugin, isPlugin, type Plugin } from "../../../core/plugin.ts";
import { loadDefaultExport } from "./load_recipe.ts";

/** The option that names a plugin; it is read before all others, since plugins bring commands. */
const OPTION = "--plugin";

/**
 * Takes the plugins that are named out of the arguments: `--plugin ./mine.ts`, as often as wanted.
 *
 * @returns the references, and the arguments that are left.
 * @throws {RangeError} if the last argument names none.
 */
export function takePluginArguments(
  args: readonly string[],
): { readonly references: readonly string[]; readonly rest: readonly string[] } {
  const references: string[] = [];
  const rest: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === "--") return { references, rest: [...rest, ...args.slice(i)] };
    if (arg.startsWith(`${OPTION}=`)) references.push(arg.slice(OPTION.length + 1));
    else if (arg === OPTION) {
      const reference = args[++i];
      if (reference === undefined || reference.startsWith("-")) {
        throw new RangeError(
          `${OPTION}: expected the path or address of a module, found ${reference ?? "nothing"}`,
        );
      }
      references.push(reference);
    } else rest.push(arg);
  }
  return { references, rest };
}

/**
 * Loads plugins by the paths or addresses of their modules.
 *
 * @throws {RangeError} if there is no such file, or a module's default export is no plugin.
 * @throws {SyntaxError} if a module cannot be loaded.
 */
export async function loadPlugins(references: readonly string[]): Promise<readonly Plugin[]> {
  const plugins: Plugin[] = [];
  for (const reference of references) {
    const found = await loadDefaultExport(reference);
    if (!isPlugin(found)) {
      throw new RangeError(
        `${OPTION} ${reference}: expected a plugin as default export (definePlugin({ name, … })), ` +
          `found ${found === undefined ? "no default export" : "something else"}`,
      );
    }
    // It may come with a copy of Syntagma of its own, so it is checked again by ours.
    plugins.push(definePlugin(found));
  }
  return plugins;
}
