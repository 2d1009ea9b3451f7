import { importLater } from "../../core/import_later.ts";
import { definePlugin, type Plugin } from "../../core/plugin.ts";

/** CE-CLIP: four ranked negatives of a caption, contrast among texts. */
const plugin: Plugin = definePlugin({
  name: "ce-clip",
  objectives: {
    ceClipLoss: {
      description: "CE-CLIP's loss: intra-modal contrast and ranked thresholds",
      load: async () =>
        (await importLater<typeof import("./loss.ts")>("./loss.ts", import.meta.url)).ceClipLoss,
    },
  },
  negatives: {
    "ce-clip": async () =>
      (await importLater<typeof import("./negatives.ts")>("./negatives.ts", import.meta.url))
        .ceClipNegatives(),
    "ce-clip-released": async () =>
      (await importLater<typeof import("./negatives.ts")>("./negatives.ts", import.meta.url))
        .ceClipNegatives({ preset: "released" }),
  },
  recipes: {
    "ce-clip-vitb32": {
      description:
        "CE-CLIP fine-tunes OpenAI's ViT-B/32 on COCO with ranked negatives of four kinds",
      load: () => importLater("../../recipes/ce_clip_vitb32.ts", import.meta.url),
    },
    "ce-clip-vitb16": {
      description:
        "CE-CLIP fine-tunes OpenAI's ViT-B/16 on COCO with ranked negatives of four kinds",
      load: () => importLater("../../recipes/ce_clip_vitb16.ts", import.meta.url),
    },
    "ce-clip-vitl14": {
      description:
        "CE-CLIP fine-tunes OpenAI's ViT-L/14 on COCO with ranked negatives of four kinds",
      load: () => importLater("../../recipes/ce_clip_vitl14.ts", import.meta.url),
    },
  },
  literature: async () =>
    (await importLater<typeof import("./literature.ts")>("./literature.ts", import.meta.url))
      .LITERATURE,
});

export default plugin;
