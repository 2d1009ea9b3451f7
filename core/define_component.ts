/**
 * The way to define a component: a name, a schema of its options, and what is made of them.
 *
 * @module
 */
import {
  type Change,
  changeWithin,
  groupChanges,
  isContainer,
  isPlainObject,
  nameOf,
} from "./change_options.ts";
import { checkValue, type OptionsSchema, unknownFault } from "./check_options.ts";
import {
  type Component,
  describeComponent,
  isComponent,
  type Json,
  type JsonObject,
} from "./component.ts";
import { type Fault, SettingsError } from "./settings_error.ts";

/** What {@linkcode defineComponent} makes a factory of. */
export interface ComponentDefinition<Options, Members> {
  /** The factory's name, for people and manifests. */
  readonly name: string;
  /**
   * The options: a `z.strictObject`. What it says of a wrong value is read after "expected". An
   * option may be a component, or a value that JSON cannot hold (`z.custom`), which its `name` then
   * stands for in JSON: what the schema has to refuse in its place.
   */
  readonly schema: OptionsSchema<Options>;
  /**
   * What options that are not given are, by the value of the option `preset`. Where the preset is
   * changed they change with it.
   */
  readonly presets?: Readonly<Record<string, Partial<Options>>>;
  /**
   * What the component has beside its name, its options and `with`: a plain object. A
   * {@linkcode RangeError} that it throws is a fault of the options.
   */
  readonly make: (options: Options) => Members;
}

/**
 * A factory of components: their options are checked against the schema, its defaults filled in,
 * described as JSON, and changed by name or by path, inside lists, objects and other components too.
 *
 * The factory's type is written down where it is exported: what it takes, and which kind of
 * component it gives.
 *
 * @example
 * ```ts
 * import { defineComponent, type Schedule } from "@syntagma/syntagma";
 * import { z } from "zod";
 *
 * const constant: (options?: { readonly factor?: number }) => Schedule = defineComponent({
 *   name: "constant",
 *   schema: z.strictObject({ factor: z.number().positive().default(1) }),
 *   make: ({ factor }) => ({ factor: () => factor }),
 * });
 *
 * console.assert(constant().with({ factor: 2 }).factor(0, 1) === 2);
 * ```
 *
 * @returns the factory. It throws a {@linkcode SettingsError} with all faults of the options, and
 *   so does the component's `with`.
 */
export function defineComponent<Options extends object, Members extends object>(
  definition: ComponentDefinition<Options, Members>,
): (options?: unknown) => Component & Members {
  const { name } = definition;
  const create = (given: unknown, before: readonly Fault[] = []): Component & Members => {
    const { values, described, faults } = check(definition, given);
    if (values === undefined || before.length > 0) {
      throw new SettingsError([...before, ...faults], name);
    }
    return {
      ...membersOf(definition, values),
      name,
      options: described,
      with: (changes: JsonObject) => {
        const unable: Fault[] = [];
        // Options that passed the schema are an object.
        const changed = change(definition, given as object, values, changes, unable);
        return create(changed, unable);
      },
      // `this` of the interface is what was made here.
    } as unknown as Component & Members;
  };
  return (options = {}) => create(withoutUndefined(options));
}

function membersOf<Options, Members extends object>(
  { name, make }: ComponentDefinition<Options, Members>,
  options: Options,
): Members {
  try {
    const members = make(options);
    if (isPlainObject(members)) return members;
  } catch (error) {
    // Faults of another component that is made there have paths of that one.
    if (!(error instanceof RangeError)) throw error;
    const fault = { path: [], code: "failed", expected: error.message, found: undefined } as const;
    throw new SettingsError([fault], name);
  }
  throw new TypeError(`${name}: expected make to give a plain object, of which nothing is lost`);
}

/** Options that were checked, and the same as JSON; or their faults. */
type Outcome<Options> =
  | { readonly values: Options; readonly described: JsonObject; readonly faults: readonly [] }
  | { readonly values?: never; readonly described?: never; readonly faults: readonly Fault[] };

function check<Options extends object, Members>(
  { schema, presets }: ComponentDefinition<Options, Members>,
  given: unknown,
): Outcome<Options> {
  const { value, faults } = checkValue(schema, fillPreset(schema, presets, given));
  if (faults !== undefined) return { faults };
  const strange: Fault[] = [];
  const described = Object.fromEntries(
    Object.entries(withoutUndefined(value) as object)
      .map(([option, each]) => [option, describeEach(each, [option], strange)]),
  );
  return strange.length > 0 ? { faults: strange } : { values: value, described, faults: [] };
}

/** The options that were given and, from the preset that they choose, those that were not. */
function fillPreset(
  schema: OptionsSchema<unknown>,
  presets: Readonly<Record<string, object>> | undefined,
  given: unknown,
): unknown {
  if (presets === undefined || !isPlainObject(given)) return given;
  const preset = presetOf(schema, presets, given);
  const missing = Object.keys(preset).filter((key) => !Object.hasOwn(given, key));
  // Read one by one: a preset's component may be made where it is asked for.
  return { ...given, ...Object.fromEntries(missing.map((key) => [key, valueOf(preset, key)])) };
}

/** The preset that options choose; any where there is none of that name, which the schema says. */
function presetOf(
  { shape }: OptionsSchema<unknown>,
  presets: Readonly<Record<string, object>>,
  given: object,
): object {
  const choice = (shape as { readonly preset?: OptionsSchema<string> } | undefined)?.preset;
  const result = choice?.safeParse(valueOf(given, "preset"));
  const chosen = result?.success ? valueOf(presets, result.data) : undefined;
  return (chosen ?? Object.values(presets)[0]) as object;
}

/**
 * What was given, with changes. An option that was not given is not among it after them, so that it
 * goes on following its default or preset.
 */
function change<Options extends object, Members>(
  { schema, presets }: ComponentDefinition<Options, Members>,
  given: object,
  values: Options,
  changes: JsonObject,
  faults: Fault[],
): object {
  const listed = Object.entries(changes).map(([key, value]): Change => ({
    path: Object.hasOwn(values, key) ? [key] : key.split("."),
    value,
  }));
  const groups = groupChanges(listed);
  // Inside of what follows the preset it is the value by the new preset that changes.
  const last = groups.get("preset")?.at(-1)?.value;
  const filled = fillPreset(
    schema,
    presets,
    last === undefined ? given : { ...given, preset: last },
  ) as object;
  const changed = new Map<string, unknown>();
  for (const [option, inside] of groups) {
    const isThere = Object.hasOwn(values, option);
    if (isThere) {
      const follows = Object.hasOwn(filled, option) && !Object.hasOwn(given, option);
      changed.set(option, changeWithin(follows ? filled : values, option, inside, faults));
    } else if (inside.every(({ path }) => path.length === 0)) {
      // An option without default, or none: the schema knows.
      changed.set(option, inside.at(-1)!.value);
    } else {
      const known = Object.keys(schema.shape ?? {});
      for (const { path, value } of inside) {
        faults.push(unknownFault([option, ...path], 0, known, value));
      }
    }
  }
  return { ...given, ...Object.fromEntries(changed) };
}

/** A value as JSON; components by name and options, and what JSON cannot hold by its name. */
function describeEach(value: unknown, path: Fault["path"], strange: Fault[]): Json {
  const isPlain = value === null || typeof value === "boolean" || typeof value === "string" ||
    typeof value === "number" && Number.isFinite(value);
  if (isPlain) return value;
  if (isComponent(value)) return describeComponent(value);
  if (Array.isArray(value)) {
    return value.map((each, index) => describeEach(each, [...path, index], strange));
  }
  if (isContainer(value)) {
    return Object.fromEntries(
      Object.entries(withoutUndefined(value) as object)
        .map(([key, each]) => [key, describeEach(each, [...path, key], strange)]),
    );
  }
  const name = nameOf(value);
  if (name === undefined) {
    strange.push({
      path,
      code: "refused",
      expected: "a component, what JSON can hold, or something with a name that stands for it",
      found: value,
    });
  }
  return name ?? null;
}

/** An option that is undefined was not given. */
function withoutUndefined(options: unknown): unknown {
  if (!isPlainObject(options)) return options;
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function valueOf(object: object, key: string): unknown {
  return Object.hasOwn(object, key) ? (object as Record<string, unknown>)[key] : undefined;
}
