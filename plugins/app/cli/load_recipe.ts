import { overrideRecipe } from "../../../core/override.ts";
import type { PluginSet } from "../../../core/join_plugins.ts";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { isFile } from "../../../core/host/assets/cache.ts";
import { defineRecipe } from "../../../core/define_recipe.ts";
import { nearest } from "../../../core/nearest.ts";
import type { Recipe, RecipeSettings } from "../../../core/recipe.ts";
import { changeArms, defineStudy, isStudy, type Study } from "../../../core/study.ts";

/** A recipe, or a study where one may stand in its place, and where it came from. */
export interface LoadedRecipe<Planned extends Recipe | Study = Recipe> {
  /** The recipe or study, checked. */
  readonly recipe: Planned;
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
export async function loadRecipe(
  reference: string,
  recipes: PluginSet["recipes"],
): Promise<LoadedRecipe> {
  const { recipe, source } = await loadRecipeOrStudy(reference, recipes);
  if (isStudy(recipe)) throw new RangeError(`${reference}: expected a recipe, found a study`);
  return { recipe, source };
}

/**
 * The same, where a study may stand in a recipe's place.
 *
 * @throws {RangeError | SyntaxError} as {@linkcode loadRecipe}.
 */
export async function loadRecipeOrStudy(
  reference: string,
  recipes: PluginSet["recipes"],
): Promise<LoadedRecipe<Recipe | Study>> {
  const source = resolveReference(reference);
  const module = await importModule(
    reference,
    source === reference && Object.hasOwn(recipes, reference)
      ? () => recipes[reference]!.load()
      : await moduleLoader(reference, source, recipes),
  );
  return { recipe: checkModule(module, reference), source };
}

/**
 * What the module exports that `reference` means: a path, or a `jsr:`, `https:` or `file:` URL.
 *
 * @throws {RangeError} if there is no such file.
 * @throws {SyntaxError} if the module cannot be loaded.
 */
export async function loadModule(reference: string): Promise<Module> {
  const source = resolveReference(reference);
  if (!source.includes(":")) {
    throw new RangeError(
      `${reference}: expected the path of a module (such as ./${reference}.ts) or its address`,
    );
  }
  return await importModule(reference, await moduleLoader(reference, source, {}));
}

/**
 * Its default export.
 *
 * @throws {RangeError | SyntaxError} as {@linkcode loadModule}.
 */
export async function loadDefaultExport(reference: string): Promise<unknown> {
  return (await loadModule(reference)).default;
}

/** What a module exports, by name. */
type Module = Readonly<Record<string, unknown>>;

type LoadModule = () => Promise<Module | { readonly default?: unknown }>;

async function importModule(reference: string, load: LoadModule): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    if (cause instanceof RangeError) {
      throw new RangeError(`${reference}: ${cause.message}`, { cause });
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SyntaxError(`${reference} cannot be loaded: ${reason}`, { cause });
  }
}

/** Whether a reference can only mean a module: an address, or a path that ends like a module's. */
export function isModuleReference(reference: string): boolean {
  return /^(jsr|https?|file):/.test(reference) || /\.m?[jt]s$/.test(reference);
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
  recipes: PluginSet["recipes"],
): Promise<LoadModule> {
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

/** A module may come with a copy of Syntagma of its own, so its recipe is checked again by ours. */
function checkModule(module: Module, reference: string): Recipe | Study {
  if (module.default === undefined) {
    throw new RangeError(
      `${reference}: expected a recipe as default export, found no default export`,
    );
  }
  try {
    return isStudy(module.default)
      ? defineStudy(module.default)
      : defineRecipe(module.default as RecipeSettings);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new RangeError(`${reference}: the default export is no recipe\n${cause.message}`, {
      cause,
    });
  }
}

/** Overrides made to a recipe, or to the recipes of all arms of a study, whose seeds are its own. */
export function overridePlanned(
  planned: Recipe | Study,
  overrides: readonly string[],
): Recipe | Study {
  if (!isStudy(planned)) return overrideRecipe(planned, overrides);
  return changeArms(planned, (each) => overrideRecipe(each, overrides));
}
