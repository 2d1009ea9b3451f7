import { overrideRecipe } from "../../../core/override.ts";
import type { Recipe } from "../../../core/recipe.ts";
import { SettingsError } from "../../../core/settings_error.ts";
import { defineStudy, isStudy, type Study, type StudyArm } from "../../../core/study.ts";

/**
 * A study of every combination of some settings' values, for a recipe or for each arm of a study. An
 * arm is called by the last words of the settings' paths and their values: `lr-1e-6-unimodal-0-5`.
 *
 * @param sweeps Settings with their values: `optimizer.lr=1e-6,3e-6`. Commas inside brackets or
 *   quotes belong to a value. None leaves the arms as they are.
 * @param seeds Replaces the study's seeds, by those from 0 to before this number. Default: the
 *   study's own, three of a recipe.
 * @throws {SettingsError} if a setting is unknown, or refuses a value.
 */
export function sweepArms(
  planned: Recipe | Study,
  sweeps: readonly string[],
  seeds?: number,
): Study {
  const { name, description } = planned;
  const arms: readonly StudyArm[] = isStudy(planned)
    ? planned.arms
    : [{ name: planned.name, recipe: planned }];
  const settings = sweeps.map(parseSweep);
  const combinations = settings.reduce<readonly (readonly Value[])[]>(
    (before, { path, values }) =>
      before.flatMap((some) => values.map((value) => [...some, { path, value }])),
    [[]],
  );
  const leaves = settings.map(({ path }) => leafOf(path));
  const isClear = new Set(leaves).size === leaves.length;
  const nameOf = (some: readonly Value[]) =>
    some.map(({ path, value }) => plain(`${isClear ? leafOf(path) : path} ${value}`)).join("-");
  return defineStudy({
    name,
    description,
    arms: arms.flatMap((arm) =>
      combinations.map((some) => ({
        name: isStudy(planned) || some.length === 0
          ? [arm.name, ...some.length === 0 ? [] : [nameOf(some)]].join("-")
          : nameOf(some),
        recipe: overrideRecipe(arm.recipe, some.map(({ path, value }) => `${path}=${value}`)),
      }))
    ),
    ...seedsOf(planned, seeds),
  });
}

/** One value of a setting. */
interface Value {
  readonly path: string;
  readonly value: string;
}

function seedsOf(planned: Recipe | Study, count: number | undefined) {
  if (count !== undefined) return { seeds: Array.from({ length: count }, (_, seed) => seed) };
  return isStudy(planned) ? { seeds: planned.seeds } : {};
}

function parseSweep(text: string): { readonly path: string; readonly values: readonly string[] } {
  const equals = text.indexOf("=");
  const values = equals < 1 ? [] : splitValues(text.slice(equals + 1));
  if (values.length > 0 && new Set(values).size === values.length && !values.includes("")) {
    return { path: text.slice(0, equals), values };
  }
  const expected = "a setting with different values, such as optimizer.lr=1e-6,3e-6";
  throw new SettingsError([{ path: ["--sweep"], code: "refused", expected, found: text }]);
}

/** What stands between the commas that are in no brackets and no quotes. */
function splitValues(text: string): string[] {
  const values = [""];
  let depth = 0;
  let quoted = false;
  for (const [i, character] of [...text].entries()) {
    if (character === '"' && text[i - 1] !== "\\") quoted = !quoted;
    else if (!quoted && "[{".includes(character)) depth++;
    else if (!quoted && "]}".includes(character)) depth--;
    if (character === "," && depth === 0 && !quoted) values.push("");
    else values[values.length - 1] += character;
  }
  return values.map((value) => value.trim());
}

function leafOf(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}

/** As names of arms are written: lower case, digits and single hyphens. */
function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-|-$/g, "");
}
