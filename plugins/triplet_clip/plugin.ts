import { importLater } from "../../core/import_later.ts";
import { definePlugin, type Plugin } from "../../core/plugin.ts";

/** TripletCLIP: negative captions with negative pictures. */
const plugin: Plugin = definePlugin({
  name: "triplet-clip",
  data: {
    tripletData: {
      description: "pictures and captions with a negative of each",
      load: async () =>
        (await importLater<typeof import("./triplet_data.ts")>(
          "./triplet_data.ts",
          import.meta.url,
        )).tripletData,
    },
  },
  objectives: {
    tripletClipLoss: {
      description: "TripletCLIP: NegCLIP's loss, and the same the other way round",
      load: async () =>
        (await importLater<typeof import("./loss.ts")>("./loss.ts", import.meta.url))
          .tripletClipLoss,
    },
    tripletClipRows: {
      description: "a picture with its caption, and its negatives of both",
      load: async () =>
        (await importLater<typeof import("./rows.ts")>("./rows.ts", import.meta.url))
          .tripletClipRows,
    },
  },
  recipes: {
    "triplet-clip-vitb32": {
      description: "TripletCLIP fine-tunes OpenAI's ViT-B/32 on pictures with negative pictures",
      load: () => importLater("../../recipes/triplet_clip_vitb32.ts", import.meta.url),
    },
    "triplet-clip-tiny": {
      description: "TripletCLIP on the embedded tiny CLIP and its world; needs nothing else",
      load: () => importLater("../../recipes/triplet_clip_tiny.ts", import.meta.url),
    },
  },
  literature: async () =>
    (await importLater<typeof import("./literature.ts")>("./literature.ts", import.meta.url))
      .LITERATURE,
});

export default plugin;
