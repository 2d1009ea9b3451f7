import type { Json } from "../../../core/component.ts";
import { download } from "./download.ts";
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
    <p>The papers of the model, the method and the benchmarks. ${download(
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

/** The BibTeX entries of what a recipe's components are of, each once. */
export function citedEntries(
  recipe: Json | undefined,
  known: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  const entries = componentNames(recipe ?? null).flatMap((name) =>
    Object.hasOwn(known, name) ? known[name]! : []
  );
  return [...new Set(entries)];
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
