/** What the text of a recipe calls things of its own, and what no variable of a module can be called. */
const TAKEN: ReadonlySet<string> = new Set([
  ...["defineRecipe", "objective", "Recipe", "BenchmarkList", "recipe"],
  ..."arguments await break case catch class const continue debugger default delete do else enum eval"
    .split(" "),
  ..."export extends false finally for function if implements import in instanceof interface let new"
    .split(" "),
  ..."null package private protected public return static super switch this throw true try typeof"
    .split(" "),
  ..."undefined var void while with yield".split(" "),
]);

/** A name that may stand behind a dot or before a colon. */
export const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** The default exports of plugins. */
const PLUGIN = /^plugin\d*$/;

/**
 * Names of variables for components, each of which has one: the component's own name as far as a
 * variable may be called so, and as far as nothing else is.
 *
 * @returns the name; `key` tells the components apart that have one name.
 */
export function variables(): (name: string, key: string) => string {
  const known = new Map<string, string>();
  return (name, key) => {
    let variable = name.replaceAll(/[^\w$]+/g, "_").replace(/^(?=\d|$)/, "_");
    const isFree = () =>
      !TAKEN.has(variable) && !PLUGIN.test(variable) && (known.get(variable) ?? key) === key;
    while (!isFree()) variable += "_";
    known.set(variable, key);
    return variable;
  };
}
