import { loadDefaultExport, resolveReference } from "../../app/cli/load_recipe.ts";
import { nearest } from "../../../core/nearest.ts";
import { isNegativeGenerator, type NegativeGenerator } from "../../language/negative_generator.ts";

/** Generators by the names that the command line knows them by, each loaded when it is asked for. */
const generators: Readonly<Record<string, () => Promise<NegativeGenerator>>> = {
  "ce-clip": async () => (await import("../../ce_clip/negatives.ts")).ceClipNegatives(),
  "ce-clip-released": async () => {
    const { ceClipNegatives } = await import("../../ce_clip/negatives.ts");
    return ceClipNegatives({ preset: "released" });
  },
  "clove": async () => (await import("../../clove/replace.ts")).replace(),
  "clove-released": async () =>
    (await import("../../clove/replace.ts")).replace({ preset: "released" }),
  "negclip": async () => (await import("../../negclip/swaps.ts")).negclipSwaps(),
};

/** The names that {@linkcode loadGenerator} knows. */
export const GENERATORS: readonly string[] = Object.keys(generators);

/**
 * The generator that `reference` means: a name, or the path or address of a module whose default
 * export is one.
 *
 * @throws {RangeError} if there is none of that name, or the default export is something else.
 * @throws {SyntaxError} if the module cannot be loaded.
 */
export async function loadGenerator(reference: string): Promise<NegativeGenerator> {
  if (Object.hasOwn(generators, reference)) return await generators[reference]!();
  if (!resolveReference(reference).includes(":")) {
    const guess = nearest(reference, GENERATORS);
    throw new RangeError(
      `expected a generator (${GENERATORS.join(", ")}, or a module's path), found "${reference}"` +
        (guess === undefined ? "" : `; did you mean "${guess}"?`),
    );
  }
  const generator = await loadDefaultExport(reference);
  if (isNegativeGenerator(generator)) return generator;
  throw new RangeError(`${reference}: expected a generator of negatives as default export`);
}
