/**
 * Changes of options by path: into lists, objects and components among them.
 *
 * @module
 */
import { unknownFault } from "./check_options.ts";
import { type Component, isComponent } from "./component.ts";
import { type Fault, faultsOf, faultWithin } from "./settings_error.ts";

/** A new value for what a path leads to; for the whole where the path is empty. */
export interface Change {
  /** Names and indices. */
  readonly path: readonly string[];
  /** What is put there; of a component, an object with some of its options. */
  readonly value: unknown;
}

/**
 * A value of an option with changes inside it, in their order; those of a component are made at
 * once, so that options which depend on each other can change together.
 *
 * @param faults Takes what cannot be changed, and what components refuse, by paths from the value.
 */
export function changeValue(value: unknown, changes: readonly Change[], faults: Fault[]): unknown {
  if (isComponent(value)) return changeNested(value, changes, faults);
  const last = changes.findLastIndex(({ path }) => path.length === 0);
  if (last >= 0) {
    const before = changeValue(value, changes.slice(0, last), faults);
    const replaced = replaceValue(before, changes[last]!.value, faults);
    return changeValue(replaced, changes.slice(last + 1), faults);
  }
  let changed = value;
  for (const [key, inside] of groupChanges(changes)) {
    if (!isContainer(changed) || !Object.keys(changed).includes(key)) {
      const known = isContainer(changed) && !Array.isArray(changed) ? Object.keys(changed) : [];
      for (const { path, value } of inside) {
        faults.push(unknownFault([key, ...path], 0, known, value));
      }
      continue;
    }
    const now = changeWithin(changed, key, inside, faults);
    changed = Array.isArray(changed) ? changed.with(Number(key), now) : Object.fromEntries(
      Object.entries(changed).map((entry) => entry[0] === key ? [key, now] : entry),
    );
  }
  return changed;
}

/** As {@linkcode changeValue} for what stands under a key, which the faults then begin with. */
export function changeWithin(
  container: object,
  key: string,
  changes: readonly Change[],
  faults: Fault[],
): unknown {
  const inside: Fault[] = [];
  const value = (container as Readonly<Record<string, unknown>>)[key];
  const changed = changeValue(value, changes, inside);
  const place = Array.isArray(container) ? Number(key) : key;
  faults.push(...inside.map((fault) => faultWithin([place], fault)));
  return changed;
}

/** Changes by the first key of their paths, which they no longer have. */
export function groupChanges(changes: readonly Change[]): ReadonlyMap<string, readonly Change[]> {
  const groups = Map.groupBy(changes, ({ path }) => path[0]!);
  return new Map(
    [...groups].map(([key, group]) => [
      key,
      group.map(({ path, value }) => ({ path: path.slice(1), value })),
    ]),
  );
}

/** What JSON says of a value that it cannot hold: its name. */
export function nameOf(value: unknown): string | undefined {
  const isNamed = (typeof value === "object" && value !== null || typeof value === "function") &&
    "name" in value && typeof value.name === "string" && value.name !== "";
  return isNamed ? value.name as string : undefined;
}

/** Whether a value is a list or an object of other values, and no more than that. */
export function isContainer(value: unknown): value is readonly unknown[] | object {
  return Array.isArray(value) ||
    isPlainObject(value) && !isComponent(value) &&
      Object.values(value).every((each) => typeof each !== "function");
}

/** Whether a value is an object as `{…}` makes it. */
export function isPlainObject(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function changeNested(component: Component, changes: readonly Change[], faults: Fault[]): unknown {
  const options = new Map<string, unknown>();
  for (const [place, { path, value }] of changes.entries()) {
    const given = path.length > 0
      ? [[path.join("."), value] as const]
      : optionsIn(value, component);
    if (given === undefined) {
      // Something else takes its place, which the outer component's schema judges.
      return changeValue(value, changes.slice(place + 1), faults);
    }
    for (const [option, value] of given) {
      // Of two changes of an option the later one holds.
      options.delete(option);
      options.set(option, value);
    }
  }
  if (options.size === 0) return component;
  try {
    return component.with(Object.fromEntries(options) as Component["options"]);
  } catch (error) {
    faults.push(...faultsOf(error));
    return component;
  }
}

/** Options in the form of a component's description; undefined if it is something else. */
function optionsIn(value: unknown, component: Component): [string, unknown][] | undefined {
  if (!isContainer(value) || Array.isArray(value)) return undefined;
  const { name, ...options } = value as Readonly<Record<string, unknown>>;
  return name === undefined || name === component.name ? Object.entries(options) : undefined;
}

/** A value in the place of another, of which the components and what JSON cannot hold may stay. */
function replaceValue(value: unknown, by: unknown, faults: Fault[]): unknown {
  if (!isContainer(value)) return by === nameOf(value) ? value : by;
  if (!isContainer(by) || Array.isArray(value) !== Array.isArray(by)) return by;
  const replaced = Object.entries(by).map(([key, part]) => [
    key,
    Object.hasOwn(value, key)
      ? changeWithin(value, key, [{ path: [], value: part }], faults)
      : part,
  ]);
  return Array.isArray(by) ? replaced.map(([, part]) => part) : Object.fromEntries(replaced);
}
