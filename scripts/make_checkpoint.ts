/**
 * Writes a model folder with seeded random weights in the layout of Hugging Face or open_clip, at
 * the real size of an architecture: for trying a recipe where the published weights are not at hand.
 * Families other than CLIP are written as open_clip keeps them; where they have a tokenizer of their own,
 * its files have to be put beside the weights.
 *
 *     deno run -A scripts/make_checkpoint.ts ViT-B-32-quickgelu <folder> [huggingface|open_clip] [seed]
 */
import type { PlainArchitecture } from "../plugins/clip/config.ts";
import { generateClip } from "../plugins/clip/clip.ts";
import { isFamilyArchitecture } from "../plugins/clip/family_architectures.ts";
import { generateParts } from "../plugins/clip/load_parts.ts";
import { huggingFaceNames, openClipNames } from "../plugins/clip/names.ts";

const [architecture, folder, layout = "huggingface", seed = "0"] = Deno.args;
if (architecture === undefined || folder === undefined) {
  console.error("usage: make_checkpoint.ts <architecture> <folder> [huggingface|open_clip] [seed]");
  Deno.exit(2);
}
const names = layout === "open_clip" ? openClipNames : huggingFaceNames;
const model = isFamilyArchitecture(architecture)
  ? generateParts(architecture, Number(seed))
  : await generateClip(architecture as PlainArchitecture, Number(seed), names);
await model.write(folder, await model.read());
console.log(`${folder}: ${model.name}`);
