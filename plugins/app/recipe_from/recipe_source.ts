import type { Json, JsonObject } from "../../../core/component.ts";
import { defineRecipe } from "../../../core/define_recipe.ts";
import { describeRecipe } from "../../../core/describe_recipe.ts";
import type { RecipeSettings } from "../../../core/recipe.ts";
import { factoryFinder, type FactoryModule } from "./factories.ts";
import { OWN, type SourceWriter, sourceWriter, type Written } from "./source_writer.ts";

/**
 * The source text of a recipe with the settings that a run resolved to: every option is written out, so
 * that it stays what it is when defaults change. It was made and compared before it is given.
 *
 * @param described What a manifest holds under `recipe`.
 * @param comment What is said above it.
 * @param others Modules of other packages whose components it may have.
 * @throws {RangeError} if a component is none of theirs, exported or listed by their plugins, and of
 *   this package's, or cannot be made again; it names the component.
 */
export async function recipeSource(
  described: JsonObject,
  comment: string,
  others: readonly FactoryModule[] = [],
): Promise<string> {
  const writer = sourceWriter(factoryFinder(others));
  const settings: [string, Written][] = [];
  for (const [key, value] of Object.entries(described)) {
    settings.push([key, await settingOf(writer, key, value)]);
  }
  const made = defineRecipe(
    Object.fromEntries(
      settings.map(([key, { value }]) => [key, value]),
    ) as unknown as RecipeSettings,
  );
  checkSame(described, describeRecipe(made));
  const body = settings.map(([key, { text }]) => `  ${key}: ${text},\n`).join("");
  const own = ["defineRecipe", "type Recipe", ...writer.imports.get(OWN) ?? []];
  const plugins = pluginNames(writer);
  const imports = [
    importLine(own.toSorted((a, b) => plain(a) < plain(b) ? -1 : 1), OWN),
    ...[...writer.imports].filter(([specifier]) => specifier !== OWN)
      .toSorted(([a], [b]) => a < b ? -1 : 1)
      .map(([specifier, names]) => importLine([...names].toSorted(), specifier)),
    ...[...plugins].map(([specifier, name]) => `import ${name} from "${specifier}";`),
  ];
  const declared = [...writer.declarations].map(([name, { specifier, expression }]) =>
    `const ${name} = ${expression(plugins.get(specifier)!)};\n`
  );
  const before = declared.length === 0 ? "" : `\n// What plugins list.\n${declared.join("")}`;
  return `${imports.join("\n")}\n${before}\n/** ${comment} */\n` +
    `const recipe: Recipe = defineRecipe({\n${body}});\n\nexport default recipe;\n`;
}

const COMPONENTS = ["model", "teacher", "data", "optimizer", "schedule"];
const LISTS = ["objectives", "evaluators", "after", "hooks"];

async function settingOf(writer: SourceWriter, key: string, value: Json): Promise<Written> {
  if (COMPONENTS.includes(key) && value !== null) {
    return await writer.component(value as JsonObject, key, "  ");
  }
  if (LISTS.includes(key)) {
    const write = key === "objectives" ? writer.objective : writer.component;
    const items: Written[] = [];
    for (const [i, each] of (value as readonly JsonObject[]).entries()) {
      items.push(await write(each, `${key}.${i}`, "    "));
    }
    const text = items.length === 0
      ? "[]"
      : `[\n${items.map((each) => `    ${each.text},\n`).join("")}  ]`;
    return { value: items.map((each) => each.value), text };
  }
  return await writer.value(value, key, "  ");
}

/** What the recipe calls the plugins that it takes from, by their modules. */
function pluginNames({ declarations }: SourceWriter): ReadonlyMap<string, string> {
  const specifiers = new Set([...declarations.values()].map(({ specifier }) => specifier));
  return new Map([...specifiers].map((each, i) => [each, i === 0 ? "plugin" : `plugin${i + 1}`]));
}

/** What imports are sorted by. */
function plain(name: string): string {
  return name.replace("type ", "").toLowerCase();
}

function checkSame(before: JsonObject, now: JsonObject): void {
  const other = Object.keys(before)
    .find((key) => JSON.stringify(before[key]) !== JSON.stringify(now[key]));
  if (other === undefined) return;
  throw new RangeError(
    `${other}: was ${JSON.stringify(before[other])}, and would be ${JSON.stringify(now[other])}`,
  );
}

function importLine(names: readonly string[], specifier: string): string {
  const line = `import { ${names.join(", ")} } from "${specifier}";`;
  if (line.length <= 100) return line;
  return `import {\n${names.map((name) => `  ${name},\n`).join("")}} from "${specifier}";`;
}
