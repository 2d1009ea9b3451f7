import { importLater } from "../../core/import_later.ts";
import { definePlugin, type Plugin } from "../../core/plugin.ts";

/** C2LIP: pictures and noun phrases, without hard negatives. */
const plugin: Plugin = definePlugin({
  name: "c2lip",
  objectives: {
    c2lipLoss: {
      description: "C2LIP: SigLIP's question of captions and of noun phrases",
      load: async () =>
        (await importLater<typeof import("./loss.ts")>("./loss.ts", import.meta.url)).c2lipLoss,
    },
    c2lipPooledLoss: {
      description: "C2LIP with pooled patches, for models with patches and without a bias",
      load: async () =>
        (await importLater<typeof import("./loss.ts")>("./loss.ts", import.meta.url))
          .c2lipPooledLoss,
    },
    c2lipRows: {
      description: "a picture, a caption and the caption's noun phrases",
      load: async () =>
        (await importLater<typeof import("./rows.ts")>("./rows.ts", import.meta.url)).c2lipRows,
    },
  },
  recipes: {
    "c2lip-vitb16": {
      description: "C2LIP fine-tunes SigLIP's ViT-B/16 on captions and their noun phrases",
      load: () => importLater("../../recipes/c2lip_vitb16.ts", import.meta.url),
    },
    "c2lip-vitb32": {
      description: "C2LIP's loss with pooled patches fine-tunes OpenAI's ViT-B/32",
      load: () => importLater("../../recipes/c2lip_vitb32.ts", import.meta.url),
    },
    "c2lip-tiny": {
      description: "C2LIP on the embedded tiny CLIP and its world of scenes; needs nothing else",
      load: () => importLater("../../recipes/c2lip_tiny.ts", import.meta.url),
    },
  },
  literature: async () =>
    (await importLater<typeof import("./literature.ts")>("./literature.ts", import.meta.url))
      .LITERATURE,
});

export default plugin;
