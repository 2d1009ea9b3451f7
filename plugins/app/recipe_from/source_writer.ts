import {
  describeComponent,
  isComponent,
  type Json,
  type JsonObject,
} from "../../../core/component.ts";
import { type AnyObjective, objective } from "../../../core/objective.ts";
import config from "../../../deno.json" with { type: "json" };
import type { Factory, FindFactory, Listed } from "./factory.ts";
import { IDENTIFIER, variables } from "./variables.ts";

/** The module of the interfaces. */
export const OWN: string = config.name;

/** A value, and the source text that makes it. */
export interface Written {
  readonly value: unknown;
  readonly text: string;
}

/** What is declared before the text that needs it. */
export interface Declaration {
  /** The module whose plugin lists it. */
  readonly specifier: string;
  /** The expression that gives it, by what the plugin is called there. */
  expression(plugin: string): string;
}

/** Writes components as calls of their factories. */
export interface SourceWriter {
  /** Names that the text needs, by the module that they are imported from. */
  readonly imports: ReadonlyMap<string, ReadonlySet<string>>;
  /** What of this text is declared before it, by name: what plugins list. */
  readonly declarations: ReadonlyMap<string, Declaration>;
  /**
   * A component as a call of its factory.
   *
   * @param path Where it stands, for errors.
   * @throws {RangeError} if no factory makes it.
   */
  component(described: JsonObject, path: string, indent: string): Promise<Written>;
  /**
   * An objective, as a call of the factory of its name where that takes the options of composer and
   * loss together, else as these two.
   */
  objective(described: JsonObject, path: string, indent: string): Promise<Written>;
  /** Any other value; components in it are calls. */
  value(value: Json, path: string, indent: string): Promise<Written>;
}

/** A writer of source text. */
export function sourceWriter(
  find: FindFactory,
): SourceWriter {
  const imports = new Map<string, Set<string>>();
  const declarations = new Map<string, Declaration>();
  const need = (specifier: string, name: string) =>
    imports.set(specifier, (imports.get(specifier) ?? new Set()).add(name));
  const variable = variables();
  /** What something listed is called in the text. */
  const declare = (name: string, { specifier }: Factory, { expression, types = [] }: Listed) => {
    for (const type of types) need(OWN, `type ${type}`);
    const called = variable(name, `${specifier} ${expression("")}`);
    declarations.set(called, { specifier, expression });
    return called;
  };
  /** What something exported is called in the text. */
  const importing = (name: string, { specifier }: Factory) => {
    const called = variable(name, specifier);
    const exported = IDENTIFIER.test(name) ? name : JSON.stringify(name);
    need(specifier, called === name ? name : `${exported} as ${called}`);
    return called;
  };
  const component: SourceWriter["component"] = async (described, path, indent) => {
    const { name, ...options } = described;
    const factory = typeof name === "string" ? await find(name, options) : undefined;
    if (factory === undefined) {
      throw new RangeError(`${path}: ${unknown(name)}`);
    }
    const made = await call(
      name as string,
      factory,
      options,
      path,
      indent,
      (found) => isComponent(found) && isSame(describeComponent(found), described),
    );
    if (made !== undefined) return made;
    for (const inside of componentsIn(options)) {
      if (await find(inside.name, withoutName(inside)) !== undefined) continue;
      throw new RangeError(`${path}, in ${name}: ${unknown(inside.name)}`);
    }
    throw new RangeError(
      `${path}: ${name} cannot be made again from its settings: ${JSON.stringify(described)}`,
    );
  };
  /** What a factory makes of options, if it is what was wanted. */
  const call = async (
    name: string,
    factory: Factory,
    options: JsonObject,
    path: string,
    indent: string,
    isWanted: (found: unknown) => boolean,
  ): Promise<Written | undefined> => {
    const written = new Map<string, Written>();
    for (const [key, option] of Object.entries(options)) {
      written.set(key, await value(option, `${path}.${key}`, `${indent}  `));
    }
    const made = makeWanted(factory, written, isWanted, `${path}: ${name}`);
    if (made === undefined) return undefined;
    const called = factory.listed === undefined
      ? importing(name, factory)
      : declare(name, factory, factory.listed);
    const entries = [...made.used].map((key) => [key, written.get(key)!.text] as const);
    const inside = entries.length === 0 ? "" : objectText(entries, indent);
    const method = factory.listed?.method ?? "";
    const isThere = method === ".with" && inside === "";
    const text = isThere ? called : `${called}${method}(${inside})`;
    return { value: made.value, text };
  };
  const writeObjective: SourceWriter["objective"] = async (described, path, indent) => {
    const { name, composer, loss } = described as {
      readonly name: string;
      readonly composer: JsonObject;
      readonly loss: JsonObject;
    };
    const options = { ...withoutName(composer), ...withoutName(loss) };
    const factory = await find(name, options);
    if (factory !== undefined) {
      const made = await call(
        name,
        factory,
        options,
        path,
        indent,
        (found) =>
          isObjective(found) && found.name === name &&
          isSame(describeComponent(found.composer), composer) &&
          isSame(describeComponent(found.loss), loss),
      );
      if (made !== undefined) return made;
    }
    const rows = await component(composer, `${path}.composer`, `${indent}  `);
    const pull = await component(loss, `${path}.loss`, `${indent}  `);
    need(OWN, "objective");
    const inside = [JSON.stringify(name), rows.text, pull.text]
      .map((each) => `${indent}  ${each},\n`).join("");
    return {
      value: objective(name, rows.value as never, pull.value as never),
      text: `objective(\n${inside}${indent})`,
    };
  };
  const value: SourceWriter["value"] = async (given, path, indent) => {
    if (typeof given !== "object" || given === null) {
      return { value: given, text: JSON.stringify(given) };
    }
    if (Array.isArray(given)) {
      const items: Written[] = [];
      for (const [i, each] of given.entries()) {
        items.push(await value(each, `${path}.${i}`, `${indent}  `));
      }
      return { value: items.map((each) => each.value), text: listText(items, indent) };
    }
    const object = given as JsonObject;
    const { name } = object;
    if (typeof name === "string" && await find(name, withoutName(object)) !== undefined) {
      return await component(object, path, indent);
    }
    const members: [string, Written][] = [];
    for (const [key, each] of Object.entries(object)) {
      members.push([key, await value(each, `${path}.${key}`, `${indent}  `)]);
    }
    return {
      value: Object.fromEntries(members.map(([key, each]) => [key, each.value])),
      text: objectText(members.map(([key, each]) => [key, each.text]), indent),
    };
  };
  return { imports, declarations, component, objective: writeObjective, value };
}

/**
 * What a factory makes of all options; what it refuses of them stands for something that JSON does not
 * hold, a tagger or a function, and is left to its default.
 */
function makeWanted(
  { make, listed }: Factory,
  written: ReadonlyMap<string, Written>,
  isWanted: (found: unknown) => boolean,
  where: string,
): { readonly value: unknown; readonly used: ReadonlySet<string> } | undefined {
  const all = new Set(written.keys()).intersection(new Set(listed?.takes ?? written.keys()));
  const names = new Set([...all].filter((key) => typeof written.get(key)!.value === "string"));
  const one = [...names].map((key) => all.difference(new Set([key])));
  for (const used of [all, ...one, all.difference(names)]) {
    const options = Object.fromEntries([...used].map((key) => [key, written.get(key)!.value]));
    try {
      const value = make(options);
      if (isWanted(value)) return { value, used };
    } catch (error) {
      if (error instanceof RangeError || error instanceof TypeError) continue;
      const reason = error instanceof Error ? error.message : String(error);
      throw new RangeError(`${where} cannot be made again: ${reason}`, { cause: error });
    }
  }
  return undefined;
}

function unknown(name: unknown): string {
  return `${name} is no component of this package, and no --plugin's module exports or lists it`;
}

/** What may be components in described options: objects with a name, outer ones first. */
function* componentsIn(value: Json): Generator<JsonObject & { readonly name: string }> {
  if (typeof value !== "object" || value === null) return;
  if ("name" in value && typeof value.name === "string") {
    yield value as JsonObject & { readonly name: string };
  }
  for (const each of Object.values(value)) yield* componentsIn(each);
}

function isSame(found: JsonObject, wanted: JsonObject): boolean {
  return JSON.stringify(found) === JSON.stringify(wanted);
}

function isObjective(value: unknown): value is AnyObjective {
  return typeof value === "object" && value !== null && "composer" in value && "loss" in value &&
    isComponent(value.composer) && isComponent(value.loss);
}

function withoutName({ name: _, ...options }: JsonObject): JsonObject {
  return options;
}

function listText(items: readonly Written[], indent: string): string {
  const flat = `[${items.map(({ text }) => text).join(", ")}]`;
  if (flat.length + indent.length <= 80 && !flat.includes("\n")) return flat;
  return `[\n${items.map(({ text }) => `${indent}  ${text},\n`).join("")}${indent}]`;
}

function objectText(entries: readonly (readonly [string, string])[], indent: string): string {
  const members = entries.map(([key, text]) =>
    `${IDENTIFIER.test(key) ? key : JSON.stringify(key)}: ${text}`
  );
  const flat = `{ ${members.join(", ")} }`;
  if (members.length === 0) return "{}";
  if (flat.length + indent.length <= 80 && !flat.includes("\n")) return flat;
  return `{\n${members.map((each) => `${indent}  ${each},\n`).join("")}${indent}}`;
}
