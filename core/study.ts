/**
 * Studies: recipes that are compared, each with several seeds.
 *
 * @module
 */
import { defineRecipe } from "./define_recipe.ts";
import type { Recipe } from "./recipe.ts";

/** One of the recipes that a study compares. */
export interface StudyArm {
  /** Names it in tables and folders: lower case, digits and hyphens. */
  readonly name: string;
  /** What is run; its seed is replaced by the study's. */
  readonly recipe: Recipe;
}

/** The settings of a study, as its file writes them down. */
export interface StudySettings {
  /** Names the study and its folders: lower case, digits and hyphens. */
  readonly name: string;
  /** One line for the list of recipes. */
  readonly description: string;
  /** What is compared, in the order of the table's columns. */
  readonly arms: readonly StudyArm[];
  /** Every arm is run with each of them. Default [0, 1, 2]. */
  readonly seeds?: readonly number[];
}

/** A study whose settings were checked, with all defaults filled in. */
export type Study = Required<StudySettings>;

/**
 * A study whose settings were checked; nothing is run yet.
 *
 * @throws {RangeError} with one line for each fault: what was expected, what was found.
 */
export function defineStudy({ name, description, arms, seeds = [0, 1, 2] }: StudySettings): Study {
  const faults: string[] = [];
  const checkName = (path: string, value: unknown) => {
    if (typeof value === "string" && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(value)) return;
    faults.push(
      `${path}: expected lower-case letters, digits and single hyphens, found ${
        JSON.stringify(value)
      }`,
    );
  };
  checkName("name", name);
  if (typeof description !== "string" || !/^\S.*$/.test(description)) {
    faults.push("description: expected one line of text");
  }
  if (!Array.isArray(arms) || arms.length === 0) faults.push("arms: expected at least one arm");
  if (
    !Array.isArray(seeds) || seeds.length === 0 || new Set(seeds).size < seeds.length ||
    seeds.some((seed) => !Number.isInteger(seed) || seed < 0)
  ) {
    faults.push(`seeds: expected different whole numbers of at least 0, found ${seeds}`);
  }
  const names = new Set<string>();
  const checked = (Array.isArray(arms) ? arms : []).map((arm: StudyArm, place: number) => {
    checkName(`arms.${place}.name`, arm.name);
    if (names.has(arm.name)) faults.push(`arms.${place}.name: found "${arm.name}" again`);
    names.add(arm.name);
    try {
      return Object.freeze({ name: arm.name, recipe: defineRecipe(arm.recipe) });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      faults.push(...error.message.split("\n").map((line) => `arms.${place}.recipe.${line}`));
      return arm;
    }
  });
  if (faults.length > 0) throw new RangeError(faults.join("\n"));
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
