/**
 * A step of every method with every family: `deno run -A scripts/methods_on_families.ts`. The objectives
 * of the methods' recipes, each once on three photos, with the small folder of each family; a row for
 * each method, and below it every refusal by its sentence.
 */
import type { Recipe } from "../core/recipe.ts";
import { createTrainer } from "../plugins/app/models/trainer.ts";
import { captions } from "../plugins/captions/captions.ts";
import { tripletData } from "../plugins/triplet_clip/triplet_data.ts";
import {
  copyFamily,
  familyNames,
  familySource,
  openFamily,
  withFamilies,
} from "../tests/helpers/family_folders.ts";

const METHODS = [
  ...["clic_vitb32", "siglip2_vitb16", "negclip_vitb32", "ce_clip_vitb32", "clove_vitb32"],
  ...["fsc_clip_vitb32", "cs_clip_vitb32", "c2lip_vitb32", "con_clip_vitb32", "degla_vitb32"],
  ...["triplet_clip_vitb32", "labclip_vitb32", "read_clip_align_vitb32"],
];
const table = new URL("../tests/data/photos/captions.csv", import.meta.url).pathname;
const only = Deno.args[0];

console.log(`| Method | ${familyNames.join(" | ")} |`);
console.log(`| --- |${" --- |".repeat(familyNames.length)}`);
const reasons = new Map<string, string[]>();
for (const method of METHODS.filter((each) => only === undefined || each === only)) {
  const { default: recipe }: { default: Recipe } = await import(`../recipes/${method}.ts`);
  const cells: string[] = [];
  for (const family of familyNames) {
    try {
      cells.push(await step(recipe, family));
    } catch (error) {
      cells.push("no");
      const { message } = error as Error;
      const where = `${method}: ${message.replaceAll(/\/\S+\//g, "")}`;
      reasons.set(where, [...reasons.get(where) ?? [], family]);
    }
  }
  console.log(`| ${method} | ${cells.join(" | ")} |`);
}
for (const [reason, families] of reasons) console.log(`\n${families.join(", ")}: ${reason}`);
Deno.exit(0);

/** The photos; where a method has negative pictures, the same ones in their place. */
function dataOf({ objectives }: Recipe) {
  const data = captions({ path: table });
  const isTriplet = objectives.some(({ loss }) => loss.pictures?.includes("negative"));
  return isTriplet ? tripletData({ examples: data, negatives: data }) : data;
}

/** The objectives in turn, as often as there are; the last loss. */
async function step(recipe: Recipe, family: (typeof familyNames)[number]): Promise<string> {
  let shown = "";
  await withFamilies(async (folder, opened) => {
    await using model = await openFamily(
      await familySource(await copyFamily(family, folder)),
      opened,
    );
    const { objectives, optimizer, frozen, trained, average, teacher } = recipe;
    await using trainer = await createTrainer(model, {
      ...{ objectives, optimizer, frozen, trained, average, teacher, batch: 3, chunk: 3 },
      data: dataOf(recipe),
    });
    for (const _ of objectives) {
      const { loss } = await trainer.step(await trainer.nextBatch());
      shown = loss.toFixed(2);
    }
  });
  return shown;
}
