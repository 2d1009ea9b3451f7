import type { Hooks } from "../../../core/hooks.ts";
import type { Literature } from "../../../core/literature.ts";
import { importLater } from "../../../core/import_later.ts";

/**
 * A hook that writes a model card beside the model of a run once it is completed.
 *
 * @param literature Gives BibTeX of what a recipe's components are of, for the citation. Default: none
 *   is known.
 */
export function modelCard(
  literature: () => Promise<Literature> = () => Promise.resolve({}),
): Hooks {
  return {
    name: "modelCard",
    onEnd: async ({ folder, completed }) => {
      if (!completed) return;
      const { writeCards } = await importLater<typeof import("./write_cards.ts")>(
        "./write_cards.ts",
        import.meta.url,
      );
      const { citations } = await literature();
      await writeCards(folder, citations);
    },
  };
}
