import type { Component, Json, JsonObject } from "./component.ts";
import { defineRecipe } from "./define_recipe.ts";
import type { Evaluator } from "./evaluator.ts";
import { nameList } from "./name_list.ts";
import { nearest } from "./nearest.ts";
import { nearestSetting } from "./nearest_setting.ts";
import { parseAssignment } from "./parse_assignment.ts";
import type { Recipe, RecipeSettings } from "./recipe.ts";
import { sameName } from "./same_name.ts";
import { type Fault, faultsOf, faultWithin, SettingsError } from "./settings_error.ts";

/** Settings that are lists of components, of which an assignment keeps some. */
const LISTS = ["evaluators", "after", "hooks"] as const;

/** Settings that hold values by name, and these names. */
const RECORDS = {
  average: ["decay"],
  best: ["dataset", "metric", "patience"],
} as const satisfies {
  readonly [Name in "average" | "best"]: readonly (keyof NonNullable<Recipe[Name]>)[];
};
const RECORD_PATHS: readonly string[] = Object.entries(RECORDS)
  .flatMap(([name, values]) => values.map((value) => `${name}.${value}`));

/** Settings that are lists of names when they are assigned. */
const NAME_LISTS: readonly string[] = [...LISTS, "frozen", "trained"];

/**
 * The recipe with some settings changed by assignments `path=value`, as the command line takes
 * them. Values are JSON where they parse as JSON and text where they do not.
 *
 * A path names a setting (`batch=64`) or a value of one (`best.dataset=sugar_crepe`), an option of
 * a component (`optimizer.lr=3e-6`), a value inside an option (`optimizer.betas.1=0.98`), or an
 * option of a component in a list, found by name or index (`objectives.clic.loss.uniModal=0.5`,
 * `evaluators.0.items=100`, `after.patch.alpha=0.5`), or of a component among the options of
 * another (`objectives.negclip.composer.negatives.preset=released`). All changes of a component are
 * handed to its `with` at once, so options that depend on each other can change together. A list of
 * names keeps those evaluators, or those transformations, and leaves out the others; it is written
 * as `evaluators=["sugarCrepe"]` or, as all lists of names, `evaluators=sugarCrepe,cola` and
 * `after=none`. Of two assignments to one path the later one holds.
 *
 * @throws {SettingsError} with one line for each fault: a path that leads nowhere with the nearest
 *   one that leads somewhere, or what was expected of a value and what was found.
 */
export function overrideRecipe(recipe: Recipe, assignments: readonly string[]): Recipe {
  const slots = slotsOf(recipe);
  const settings = new Map<string, Json>();
  const faults: Fault[] = [];
  for (const assignment of assignments) {
    collect(faults, [], () => assign(recipe, slots, settings, assignment));
  }
  const kept = (components: readonly Listed[], list: string) =>
    collect(faults, [list], () => chosen(components, settings.get(list))) ?? [];
  const changed = <C extends Component>(component: C, key: string): C => {
    const { path, changes } = slots.find((each) => each.key === key)!;
    if (changes.size === 0) return component;
    return collect(
      faults,
      path.split("."),
      () => component.with(Object.fromEntries(changes)),
    ) ?? component;
  };
  const result = collect(faults, [], () =>
    defineRecipe({
      ...recipe,
      ...Object.fromEntries(settings) as Partial<RecipeSettings>,
      model: changed(recipe.model, "model"),
      teacher: recipe.teacher === null || settings.has("teacher")
        ? settings.get("teacher") as null ?? null
        : changed(recipe.teacher, "teacher"),
      data: changed(recipe.data, "data"),
      objectives: recipe.objectives.map(({ name, composer, loss }, index) => ({
        name,
        composer: changed(composer, `objectives.${index}.composer`),
        loss: changed(loss, `objectives.${index}.loss`),
      })),
      optimizer: changed(recipe.optimizer, "optimizer"),
      schedule: changed(recipe.schedule, "schedule"),
      ...Object.fromEntries(LISTS.map((list) => [
        list,
        kept(recipe[list], list).map((index) => changed(recipe[list][index]!, `${list}.${index}`)),
      ])),
    }));
  if (faults.length > 0) throw new SettingsError(faults);
  return result!;
}

/** The result of `work`; undefined if it refuses, with its faults noted as those of a place. */
function collect<T>(faults: Fault[], path: Fault["path"], work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    faults.push(...faultsOf(error).map((fault) => faultWithin(path, fault)));
    return undefined;
  }
}

/** A place of the recipe that holds a component. */
interface Slot {
  readonly component: Component;
  /** Its path by index. */
  readonly key: string;
  /** Its path for people: by name, where the name says which. */
  readonly path: string;
  /** All paths that lead to it. */
  readonly paths: readonly string[];
  /** Values by the options' names or by paths into them, in the order of the assignments. */
  readonly changes: Map<string, Json>;
}

/** A component in a list: evaluators may have a second name. */
type Listed = Component & Pick<Evaluator, "alias">;

function namesOf({ name, alias }: Listed): readonly string[] {
  return alias === undefined ? [name] : [name, alias];
}

function slotsOf(recipe: Recipe): Slot[] {
  const slot = (component: Component, key: string, path = key, paths: readonly string[] = []) => (
    { component, key, path, paths: [path, key, ...paths], changes: new Map<string, Json>() }
  );
  const listed = (components: readonly Listed[], list: string) =>
    components.map((component, i) => {
      const [name, ...others] = namesOf(component).filter((name) =>
        components.filter((each) => namesOf(each).includes(name)).length === 1
      );
      return slot(
        component,
        `${list}.${i}`,
        `${list}.${name ?? i}`,
        others.map((other) => `${list}.${other}`),
      );
    });
  return [
    slot(recipe.model, "model"),
    ...recipe.teacher === null ? [] : [slot(recipe.teacher, "teacher")],
    slot(recipe.data, "data"),
    slot(recipe.optimizer, "optimizer"),
    slot(recipe.schedule, "schedule"),
    ...recipe.objectives.flatMap(({ name, composer, loss }, i) => [
      slot(composer, `objectives.${i}.composer`, `objectives.${name}.composer`),
      slot(loss, `objectives.${i}.loss`, `objectives.${name}.loss`),
    ]),
    ...listed(recipe.evaluators, "evaluators"),
    ...listed(recipe.after, "after"),
    ...listed(recipe.hooks, "hooks"),
  ];
}

/** Settings of a recipe that can be assigned: those that hold no component, and lists of names. */
function assignable(recipe: Recipe): string[] {
  const components = ["model", "data", "objectives", "optimizer", "schedule"];
  return Object.keys(recipe).filter((key) => !components.includes(key));
}

/** The places of the components that a list of names keeps, or of all. */
function chosen(components: readonly Listed[], names: Json | undefined): readonly number[] {
  const all = components.map((_, index) => index);
  if (names === undefined) return all;
  const known = components.flatMap(namesOf);
  const refuse = (expected: string, found: Json, suggestion?: string) => {
    const hint = suggestion === undefined ? {} : { suggestion };
    return new SettingsError([{ path: [], code: "refused", expected, found, ...hint }]);
  };
  if (!Array.isArray(names)) {
    throw refuse(`a list of names such as ${JSON.stringify(known.slice(0, 1))}`, names);
  }
  const meant = names.map((name) => typeof name === "string" ? sameName(name, known) : undefined);
  const strange = names[meant.indexOf(undefined)];
  if (strange === undefined) {
    return all.filter((index) => namesOf(components[index]!).some((name) => meant.includes(name)));
  }
  const some = known.length === 0 ? "no name, as it has none" : `some of ${known.join(", ")}`;
  throw refuse(some, strange, nearest(String(strange), known));
}

function assign(
  recipe: Recipe,
  slots: readonly Slot[],
  settings: Map<string, Json>,
  assignment: string,
): void {
  const { path, value } = parseAssignment(assignment);
  const plain = assignable(recipe);
  if (plain.includes(path)) {
    settings.set(path, NAME_LISTS.includes(path) ? nameList(value) : value);
    return;
  }
  if (RECORD_PATHS.includes(path)) {
    const [name, key] = path.split(".") as [keyof typeof RECORDS, string];
    const before = settings.has(name) ? settings.get(name) : recipe[name];
    settings.set(name, { ...before as JsonObject | null | undefined, [key]: value });
    return;
  }
  for (const { paths, changes } of slots) {
    const prefix = paths.find((each) => path.startsWith(`${each}.`));
    if (prefix === undefined) continue;
    const option = path.slice(prefix.length + 1);
    // Of two assignments to one path the later one holds, and stands where it was made.
    changes.delete(option);
    changes.set(option, value);
    return;
  }
  throw new SettingsError([
    leadsNowhere(path, value, [...plain, ...RECORD_PATHS, ...slots.flatMap(optionPaths)]),
  ]);
}

function optionPaths({ component, path }: Slot): string[] {
  return Object.keys(component.options).map((option) => `${path}.${option}`);
}

function leadsNowhere(path: string, value: Json, known: readonly string[]): Fault {
  const keys = path.split(".");
  const below = known.find((each) => each.startsWith(`${path}.`));
  if (below !== undefined) {
    const expected = `one of its settings, such as ${below}=…`;
    return { path: keys, code: "refused", expected, found: value };
  }
  const guess = nearestSetting(path, known);
  return {
    path: keys,
    code: "unknown",
    expected: "the path of a setting",
    found: value,
    ...(guess === undefined ? {} : { suggestion: guess }),
  };
}
