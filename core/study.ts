/**
 * Studies: recipes that are compared, each with several seeds.
 *
 * @module
 */
import { defineRecipe } from "./define_recipe.ts";
import type { Recipe } from "./recipe.ts";
import { type Fault, faultsOf, faultWithin, SettingsError } from "./settings_error.ts";

/** One of the recipes that a study compares. */
export interface StudyArm {
  /** Names it in tables and folders: lower case, digits and hyphens. */
  readonly name: string;
  /** What is run; its seed is replaced by the study's. */
  readonly recipe: Recipe;
}

/** A study whose settings were checked, with all defaults filled in. */
export interface Study {
  /** Names the study and its folders: lower case, digits and hyphens. */
  readonly name: string;
  /** One line for the list of recipes. */
  readonly description: string;
  /** What is compared, in the order of the table's columns. */
  readonly arms: readonly StudyArm[];
  /** Every arm is run with each of them. */
  readonly seeds: readonly number[];
}

/**
 * A study whose settings were checked; nothing is run yet.
 *
 * @param settings The study; without `seeds` they are 0, 1 and 2.
 * @throws {SettingsError} with one line for each fault: what was expected, what was found.
 */
export function defineStudy(
  { name, description, arms, seeds = [0, 1, 2] }:
    & Omit<Study, "seeds">
    & Partial<Pick<Study, "seeds">>,
): Study {
  const faults: Fault[] = [];
  const refuse = (path: Fault["path"], expected: string, found: unknown) => {
    faults.push({ path, code: found === undefined ? "missing" : "refused", expected, found });
  };
  const checkName = (path: Fault["path"], value: unknown) => {
    if (typeof value === "string" && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(value)) return;
    refuse(path, "lower-case letters, digits and single hyphens", value);
  };
  checkName(["name"], name);
  if (typeof description !== "string" || !/^\S.*$/.test(description)) {
    refuse(["description"], "one line of text", description);
  }
  if (!Array.isArray(arms) || arms.length === 0) refuse(["arms"], "at least one arm", arms);
  if (
    !Array.isArray(seeds) || seeds.length === 0 || new Set(seeds).size < seeds.length ||
    seeds.some((seed) => !Number.isInteger(seed) || seed < 0)
  ) {
    refuse(["seeds"], "different whole numbers of at least 0", seeds);
  }
  const names = new Set<string>();
  const checked = (Array.isArray(arms) ? arms : []).map((arm: StudyArm, place: number) => {
    const path = ["arms", place];
    checkName([...path, "name"], arm.name);
    if (names.has(arm.name)) refuse([...path, "name"], "a name of its own", arm.name);
    names.add(arm.name);
    try {
      return Object.freeze({ name: arm.name, recipe: defineRecipe(arm.recipe) });
    } catch (error) {
      faults.push(...faultsOf(error).map((fault) => faultWithin([...path, "recipe"], fault)));
      return arm;
    }
  });
  if (faults.length > 0) throw new SettingsError(faults);
  return Object.freeze({ name, description, arms: checked, seeds: [...seeds] });
}

/** Whether a recipe file's default export is a study. */
export function isStudy(value: unknown): value is Study {
  return typeof value === "object" && value !== null && "arms" in value;
}

/** The study with every arm's recipe changed. */
export function changeArms(study: Study, change: (recipe: Recipe) => Recipe): Study {
  return defineStudy({
    ...study,
    arms: study.arms.map(({ name, recipe }) => ({ name, recipe: change(recipe) })),
  });
}
