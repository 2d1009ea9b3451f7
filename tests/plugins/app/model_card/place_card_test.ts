import { expect } from "expect";
import { formCard, NOT_SCORED } from "../../../../plugins/app/model_card/form_card.ts";
import { placeCard } from "../../../../plugins/app/model_card/place_card.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

Deno.test("formCard: a section each, the citation only where there is one", () => {
  const facts = {
    ...{ name: "mine", summary: "A model.", scores: NOT_SCORED, files: [], weights: undefined },
    ...{ objectives: ["clic"], evaluations: [], how: [["Weights", "a | b"]] as const },
  };
  const text = formCard({ ...facts, references: ["@misc{a}", "@misc{b}"] });
  expect(text).toContain("\n| Weights | a \\| b |\n");
  expect(text).toContain("\n\n## Citation\n\n```bibtex\n@misc{a}\n\n@misc{b}\n```\n");
  expect(formCard({ ...facts, references: [] })).not.toContain("Citation");
});

Deno.test("placeCard: names the model by its folder, takes the place of its own cards and of no other", () =>
  withFolder(async (base) => {
    const folder = `${base}/my-model`;
    await Deno.mkdir(folder);
    await Deno.writeTextFile(`${folder}/config.json`, "{}");
    const place = (summary: string) =>
      placeCard(`${folder}/`, { summary, how: [], scoring: "`evaluate` scores it." });
    const read = () => Deno.readTextFile(`${folder}/README.md`);
    expect(await place("One")).toBe(true);
    expect(await read()).toContain("# my-model\n\nOne, made with Syntagma.\n");
    expect(await read()).toContain('library_name: "transformers"');
    expect(await place("Another")).toBe(true);
    expect(await read()).toContain("Another, made with Syntagma.");
    await Deno.writeTextFile(`${folder}/README.md`, "# Ours");
    expect(await place("One")).toBe(false);
    expect(await read()).toBe("# Ours");
  }));
