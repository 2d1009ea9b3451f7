import type { Hooks } from "../../../core/hooks.ts";
import { importLater } from "../../../core/import_later.ts";

/**
 * A hook that writes a model card beside the model of a run once it is completed.
 *
 * @param references BibTeX of what a recipe's components are of, by their names. Default: none.
 */
export function modelCard(
  references: Readonly<Record<string, readonly string[]>> = {},
): Hooks {
  return {
    name: "modelCard",
    onEnd: async ({ folder, completed }) => {
      if (!completed) return;
      const { writeCards } = await importLater<typeof import("./write_cards.ts")>(
        "./write_cards.ts",
        import.meta.url,
      );
      await writeCards(folder, references);
    },
  };
}
