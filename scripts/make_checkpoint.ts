/**
 * Writes a model folder with seeded random weights in the layout of Hugging Face or open_clip, at
 * the real size of an architecture: for trying a recipe where the published weights are not at hand.
 *
 *     deno run -A scripts/make_checkpoint.ts ViT-B-32-quickgelu <folder> [huggingface|open_clip] [seed]
 */
import type { ArchitectureName } from "../plugins/clip/config.ts";
import { generateClip } from "../plugins/clip/clip.ts";
import { huggingFaceNames, openClipNames } from "../plugins/clip/names.ts";

const [architecture, folder, layout = "huggingface", seed = "0"] = Deno.args;
if (architecture === undefined || folder === undefined) {
  console.error("usage: make_checkpoint.ts <architecture> <folder> [huggingface|open_clip] [seed]");
  Deno.exit(2);
}
const names = layout === "open_clip" ? openClipNames : huggingFaceNames;
const model = await generateClip(architecture as ArchitectureName, Number(seed), names);
await model.write(folder, await model.read());
console.log(`${folder}: ${model.name}`);
