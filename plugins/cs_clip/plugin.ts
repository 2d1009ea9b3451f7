import { importLater } from "../../core/import_later.ts";
import { definePlugin, type Plugin } from "../../core/plugin.ts";

/** CS-CLIP: parts of a caption, each with its own foil. */
const plugin: Plugin = definePlugin({
  name: "cs-clip",
  objectives: {
    csClipLoss: {
      description: "CS-CLIP: hard negatives of captions, and units against their own foils",
      load: async () =>
        (await importLater<typeof import("./loss.ts")>("./loss.ts", import.meta.url)).csClipLoss,
    },
    csClipRows: {
      description: "a picture, a caption with a negative, and units of it with their foils",
      load: async () =>
        (await importLater<typeof import("./rows.ts")>("./rows.ts", import.meta.url)).csClipRows,
    },
  },
  recipes: {
    "cs-clip-vitb32": {
      description: "CS-CLIP fine-tunes OpenAI's ViT-B/32 on COCO with parts of captions",
      load: () => importLater("../../recipes/cs_clip_vitb32.ts", import.meta.url),
    },
    "cs-clip-tiny": {
      description: "CS-CLIP on the embedded tiny CLIP and its world of scenes; needs nothing else",
      load: () => importLater("../../recipes/cs_clip_tiny.ts", import.meta.url),
    },
  },
  literature: async () =>
    (await importLater<typeof import("./literature.ts")>("./literature.ts", import.meta.url))
      .LITERATURE,
});

export default plugin;
