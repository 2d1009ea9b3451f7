import { isNegativeGenerator, type NegativeGenerator } from "../../../core/negative_generator.ts";
import { nearest } from "../../../core/nearest.ts";
import { loadDefaultExport, resolveReference } from "../../app/cli/load_recipe.ts";

/**
 * The generator that `reference` means: a name, or the path or address of a module whose default
 * export is one.
 *
 * @param known Generators by name.
 * @throws {RangeError} if there is none of that name, or the default export is something else.
 * @throws {SyntaxError} if the module cannot be loaded.
 */
export async function loadGenerator(
  reference: string,
  known: Readonly<Record<string, () => Promise<NegativeGenerator>>>,
): Promise<NegativeGenerator> {
  if (Object.hasOwn(known, reference)) return await known[reference]!();
  if (!resolveReference(reference).includes(":")) {
    const names = Object.keys(known);
    const guess = nearest(reference, names);
    throw new RangeError(
      `expected a generator (${names.join(", ")}, or a module's path), found "${reference}"` +
        (guess === undefined ? "" : `; did you mean "${guess}"?`),
    );
  }
  const generator = await loadDefaultExport(reference);
  if (isNegativeGenerator(generator)) return generator;
  throw new RangeError(`${reference}: expected a generator of negatives as default export`);
}
