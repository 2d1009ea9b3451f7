import type { Json, JsonObject } from "../../../core/component.ts";
import { download } from "./download.ts";
import { objectAt } from "./facts.ts";
import { type Html, html } from "./html.ts";

/** BibTeX of what a recipe's components are of; undefined where nothing is known to be cited. */
export function citations(
  recipe: Json | undefined,
  known: Readonly<Record<string, readonly string[]>>,
): Html | undefined {
  const entries = citedEntries(recipe, known);
  if (entries.length === 0) return undefined;
  const text = `${entries.join("\n\n")}\n`;
  return html`
    <p>The papers of the model, the method, the data and the benchmarks, as far as these have
    any that are known here. ${download(
      "BibTeX",
      "references.bib",
      "application/x-bibtex",
      text,
    )}</p>
    <div class="scroll" tabindex="0" role="region" aria-label="BibTeX">
      <pre>${text}</pre>
    </div>
  `;
}

/** The BibTeX entries of what a recipe's components and its data's files are of, each once. */
export function citedEntries(
  recipe: Json | undefined,
  known: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  const entries = [...componentNames(recipe ?? null), ...dataFiles(recipe)].flatMap((name) =>
    Object.hasOwn(known, name) ? known[name]! : []
  );
  return [...new Set(entries)];
}

/** The numbers in arXiv of the papers that a recipe itself is of, its benchmarks' left aside. */
export function papersOf(
  recipe: Json | undefined,
  known: Readonly<Record<string, readonly string[]>>,
): ReadonlySet<string> {
  const own = { ...(recipe ?? {}) as JsonObject, evaluators: [] };
  const entries = citedEntries(own, known);
  return new Set(entries.flatMap((entry) => /\d{4}\.\d{5}/.exec(entry)?.[0] ?? []));
}

/** The names of all components that a description holds, in their order. */
function componentNames(value: Json): string[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((each: Json) => componentNames(each));
  const { name } = value as { readonly name?: Json };
  return [
    ...typeof name === "string" ? [name] : [],
    ...Object.values(value).flatMap((each) => componentNames(each as Json)),
  ];
}

/** The files and folders that stand in the options of a recipe's data, each by its name alone. */
function dataFiles(recipe: Json | undefined): string[] {
  return textsIn(objectAt((recipe ?? {}) as JsonObject, "data"))
    .flatMap((text) => text.split(/[/\\]/));
}

function textsIn(value: Json): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap((each) => textsIn(each as Json));
}
