import type { WordNetPos } from "./synset.ts";
import exceptions from "./wordnet_exceptions.json" with { type: "json" };

/** WordNet's rules of detachment: an ending, and what takes its place in the base form. */
const RULES: Readonly<Record<WordNetPos, readonly (readonly [string, string])[]>> = {
  n: [
    ["s", ""],
    ["ses", "s"],
    ["xes", "x"],
    ["zes", "z"],
    ["ches", "ch"],
    ["shes", "sh"],
    ["men", "man"],
    ["ies", "y"],
  ],
  v: [
    ["s", ""],
    ["ies", "y"],
    ["es", "e"],
    ["es", ""],
    ["ed", "e"],
    ["ed", ""],
    ["ing", "e"],
    ["ing", ""],
  ],
  a: [["er", ""], ["est", ""], ["er", "e"], ["est", "e"]],
  r: [],
};

const lists: Readonly<Record<WordNetPos, ReadonlyMap<string, string>>> = {
  n: new Map(Object.entries(exceptions.n)),
  v: new Map(Object.entries(exceptions.v)),
  a: new Map(Object.entries(exceptions.a)),
  r: new Map(Object.entries(exceptions.r)),
};

/**
 * The base forms that a word may have as this part of speech, likeliest first: the word itself, then
 * what WordNet's list of exceptions says (`geese`, `went`), or else what its rules of detachment
 * give. Which of them are words is for the caller to look up. Source: WordNet's `morphy(7WN)`.
 *
 * @param form In lower case.
 */
export function baseForms(form: string, pos: WordNetPos): readonly string[] {
  const irregular = lists[pos].get(form);
  if (irregular !== undefined) return [...new Set([form, ...irregular.split(" ")])];
  // No noun in -ss is a plural; "as" is no base form of "ass".
  if (pos === "n" && (form.endsWith("ss") || form.length <= 2)) return [form];
  const bases = RULES[pos].filter(([ending]) => form.endsWith(ending))
    .map(([ending, base]) => form.slice(0, -ending.length) + base);
  return [...new Set([form, ...bases])];
}

/** The irregular forms of a verb or an adjective, from WordNet's list of exceptions. */
export function irregularForms(base: string, pos: "v" | "a"): readonly string[] {
  return inverted[pos].get(base) ?? [];
}

const inverted = { v: invert(lists.v), a: invert(lists.a) };

function invert(list: ReadonlyMap<string, string>): Map<string, string[]> {
  const forms = new Map<string, string[]>();
  for (const [form, bases] of list) {
    for (const base of bases.split(" ")) {
      if (base !== form) forms.set(base, [...forms.get(base) ?? [], form]);
    }
  }
  return forms;
}
