import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { defineRecipe } from "../define_recipe.ts";
import { nearest } from "../nearest.ts";
import type { Recipe, RecipeSettings } from "../recipe.ts";
import type { RecipeList } from "./recipe_list.ts";

/** A recipe and where it came from. */
export interface LoadedRecipe {
  readonly recipe: Recipe;
  /** Its name in the list, or the URL of its module: good from any folder. */
  readonly source: string;
}

/**
 * The recipe that `reference` means: a name in `recipes`, the path of a module (it holds a slash or
 * ends like a module's file), or a `jsr:`, `https:` or `file:` URL.
 *
 * @throws {RangeError} if there is no such recipe or file, or the module's default export is none.
 * @throws {SyntaxError} if the module cannot be loaded.
 */
export async function loadRecipe(reference: string, recipes: RecipeList): Promise<LoadedRecipe> {
  const source = resolveReference(reference);
  const load = source === reference && Object.hasOwn(recipes, reference)
    ? () => recipes[reference]!.load()
    : await moduleLoader(reference, source, recipes);
  let module: { readonly default?: unknown };
  try {
    module = await load();
  } catch (cause) {
    if (cause instanceof RangeError) {
      throw new RangeError(`${reference}: ${cause.message}`, { cause });
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SyntaxError(`${reference} cannot be loaded: ${reason}`, { cause });
  }
  return { recipe: checkModule(module, reference), source };
}

/** The reference itself if it is a name or a URL, the file's URL if it is a path. */
export function resolveReference(reference: string): string {
  if (/^(jsr|https?|file):/.test(reference)) return reference;
  const isPath = /[/\\]/.test(reference) || /\.m?[jt]s$/.test(reference);
  return isPath ? pathToFileURL(resolve(reference)).href : reference;
}

async function moduleLoader(
  reference: string,
  source: string,
  recipes: RecipeList,
): Promise<() => Promise<{ readonly default?: unknown }>> {
  if (!source.includes(":")) {
    const guess = nearest(reference, Object.keys(recipes));
    throw new RangeError(
      `there is no recipe "${reference}"` +
        (guess === undefined ? "" : `; did you mean "${guess}"?`) +
        `\nthe command "recipe" without a name lists all recipes`,
    );
  }
  if (source.startsWith("file:") && !await isFile(new URL(source))) {
    throw new RangeError(`${reference}: there is no such file`);
  }
  return () => import(source);
}

async function isFile(url: URL): Promise<boolean> {
  try {
    return (await Deno.stat(url)).isFile;
  } catch {
    return false;
  }
}

/** A module may come with a copy of Syntagma of its own, so its recipe is checked again by ours. */
function checkModule(module: { readonly default?: unknown }, reference: string): Recipe {
  if (module.default === undefined) {
    throw new RangeError(
      `${reference}: expected a recipe as default export, found no default export`,
    );
  }
  try {
    return defineRecipe(module.default as RecipeSettings);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new RangeError(`${reference}: the default export is no recipe\n${cause.message}`, {
      cause,
    });
  }
}
