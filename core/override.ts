import { changeComponent } from "./change_component.ts";
import type { Component, Json, JsonObject } from "./component.ts";
import { defineRecipe } from "./define_recipe.ts";
import { nearest } from "./nearest.ts";
import type { Recipe, RecipeSettings } from "./recipe.ts";

/** Settings that are lists of components, of which an assignment keeps some. */
const LISTS = ["evaluators", "after", "hooks"] as const;

/**
 * The recipe with some settings changed by assignments `path=value`, as the command line takes
 * them. Values are JSON where they parse as JSON and text where they do not.
 *
 * A path names a setting (`batch=64`), an option of a component (`optimizer.lr=3e-6`), a value
 * inside an option (`optimizer.betas.1=0.98`), or an option of a component in a list, found by
 * name or index (`objectives.clic.loss.uniModal=0.5`, `evaluators.0.items=100`,
 * `after.patch.alpha=0.5`). All changes of a component are handed to its `with` at once, so options
 * that depend on each other can change together. A list of names keeps those evaluators, or those
 * transformations, and leaves out the others (`evaluators=["sugarCrepe"]`, `after=[]`). Of two
 * assignments to one path the later one holds.
 *
 * @throws {RangeError} with one line for each fault: a path that leads nowhere with the nearest
 *   one that leads somewhere, or what was expected of a value and what was found.
 */
export function overrideRecipe(recipe: Recipe, assignments: readonly string[]): Recipe {
  const slots = slotsOf(recipe);
  const settings: Record<string, Json> = {};
  const faults = new Faults();
  for (const assignment of assignments) {
    faults.collect(() => assign(recipe, slots, settings, assignment));
  }
  const kept = (components: readonly Component[], list: string, names: Json | undefined) =>
    faults.collect(() => chosen(components, list, names)) ?? [];
  const changed = <C extends Component>(component: C, key: string): C => {
    const slot = slots.find((each) => each.key === key)!;
    return faults.collect(() => changeComponent(component, slot.path, slot.changes)) ?? component;
  };
  const result = faults.collect(() =>
    defineRecipe({
      ...recipe,
      ...settings as Partial<RecipeSettings>,
      model: changed(recipe.model, "model"),
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
        kept(recipe[list], list, settings[list])
          .map((index) => changed(recipe[list][index]!, `${list}.${index}`)),
      ])),
    })
  );
  faults.raise();
  return result!;
}

/** A place of the recipe that holds a component. */
interface Slot {
  readonly component: Component;
  /** Its path by index. */
  readonly key: string;
  /** Its path for people: by name, where the name says which. */
  readonly path: string;
  /** Options to change. */
  readonly changes: Record<string, Json>;
}

function slotsOf(recipe: Recipe): Slot[] {
  const slot = (component: Component, key: string, path = key) => (
    { component, key, path, changes: {} }
  );
  const listed = (components: readonly Component[], list: string) =>
    components.map((component, i) => {
      const isOnly = components.filter(({ name }) => name === component.name).length === 1;
      return slot(component, `${list}.${i}`, `${list}.${isOnly ? component.name : i}`);
    });
  return [
    slot(recipe.model, "model"),
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
function chosen(
  components: readonly Component[],
  list: string,
  names: Json | undefined,
): readonly number[] {
  const all = components.map((_, index) => index);
  if (names === undefined) return all;
  const known = components.map(({ name }) => name);
  if (!Array.isArray(names)) {
    const example = JSON.stringify(known.slice(0, 1));
    throw new RangeError(`${list}: expected a list of names such as ${example}, found ${names}`);
  }
  const strange = names.find((name) => typeof name !== "string" || !known.includes(name));
  if (strange === undefined) return all.filter((index) => names.includes(known[index]!));
  const there = known.length === 0 ? "the recipe has none" : `there are ${known.join(", ")}`;
  throw new RangeError(`${list}: ${JSON.stringify(strange)} is none of its names: ${there}`);
}

function assign(
  recipe: Recipe,
  slots: readonly Slot[],
  settings: Record<string, Json>,
  assignment: string,
): void {
  const equals = assignment.indexOf("=");
  if (equals < 1) {
    throw new RangeError(`expected an override of the form path=value, found "${assignment}"`);
  }
  const path = assignment.slice(0, equals);
  const value = parseValue(assignment.slice(equals + 1));
  const plain = assignable(recipe);
  if (plain.includes(path)) {
    settings[path] = value;
    return;
  }
  for (const slot of slots) {
    const prefix = [slot.path, slot.key].find((each) => path.startsWith(`${each}.`));
    if (prefix === undefined) continue;
    const [option, ...inside] = path.slice(prefix.length + 1).split(".");
    if (setOption(slot, option!, inside, value)) return;
  }
  throw new RangeError(explainUnknown(path, [...plain, ...slots.flatMap(optionPaths)]));
}

function parseValue(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Notes a change of an option; false if the component has no such option. */
function setOption(slot: Slot, option: string, inside: readonly string[], value: Json): boolean {
  const { options } = slot.component;
  if (!Object.hasOwn(options, option)) {
    // An option without a default is not among the options until it is given.
    if (inside.length > 0 || !knows(slot, option, value)) return false;
    slot.changes[option] = value;
    return true;
  }
  const changed = replaceInside(slot.changes[option] ?? options[option]!, inside, value);
  if (changed === undefined) return false;
  slot.changes[option] = changed;
  return true;
}

/** Whether the component has this option, whatever it thinks of the value. */
function knows({ component }: Slot, option: string, value: Json): boolean {
  try {
    return Object.hasOwn(component.with({ [option]: value }).options, option);
  } catch (error) {
    // The words of checkOptions and of zod.
    return error instanceof RangeError &&
      !/there is no option|unrecognized key/i.test(error.message);
  }
}

/** `container` with the value at a path inside it replaced; undefined if nothing is there. */
function replaceInside(container: Json, path: readonly string[], value: Json): Json | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (container === null || typeof container !== "object") return undefined;
  if (!Object.keys(container).includes(key)) return undefined;
  const changed = replaceInside((container as JsonObject)[key]!, rest, value);
  if (changed === undefined) return undefined;
  return Array.isArray(container)
    ? container.with(Number(key), changed)
    : { ...container, [key]: changed };
}

function optionPaths(slot: Slot): string[] {
  return Object.keys(slot.component.options).map((option) => `${slot.path}.${option}`);
}

function explainUnknown(path: string, known: readonly string[]): string {
  const below = known.filter((each) => each.startsWith(`${path}.`));
  if (below.length > 0) return `${path}: expected one of its settings, such as ${below[0]}=…`;
  const guess = nearest(path, known);
  return `${path}: there is no such setting` +
    (guess === undefined ? "" : `; did you mean "${guess}"?`);
}

/** Faults of several pieces of work, raised as one. */
class Faults {
  readonly #lines: string[] = [];

  /** The result of `work`, or undefined if it refused with a RangeError. */
  collect<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#lines.push(error.message);
      return undefined;
    }
  }

  raise(): void {
    if (this.#lines.length > 0) throw new RangeError(this.#lines.join("\n"));
  }
}
