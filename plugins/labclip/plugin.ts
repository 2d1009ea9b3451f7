import { importLater } from "../../core/import_later.ts";
import { definePlugin, type Plugin } from "../../core/plugin.ts";

/** LABCLIP: a matrix on the text embeddings of frozen towers. */
const plugin: Plugin = definePlugin({
  name: "labclip",
  objectives: {
    labclipLoss: {
      description: "LABCLIP: contrast with hard negatives of texts that went through a matrix",
      load: async () =>
        (await importLater<typeof import("./loss.ts")>("./loss.ts", import.meta.url)).labclipLoss,
    },
    onEmbeddings: {
      description: "the rows of another composer, embedded once before training",
      load: async () =>
        (await importLater<typeof import("./on_embeddings.ts")>(
          "./on_embeddings.ts",
          import.meta.url,
        )).onEmbeddings,
    },
    labclipNegatives: {
      description: "a caption's nouns in another order, and its adjectives",
      load: async () =>
        (await importLater<typeof import("./negatives.ts")>("./negatives.ts", import.meta.url))
          .labclipNegatives,
    },
  },
  negatives: {
    "labclip": async () =>
      (await importLater<typeof import("./negatives.ts")>("./negatives.ts", import.meta.url))
        .labclipNegatives(),
  },
  recipes: {
    "labclip-vitb32": {
      description: "LABCLIP trains a matrix on the text embeddings of OpenAI's ViT-B/32",
      load: () => importLater("../../recipes/labclip_vitb32.ts", import.meta.url),
    },
    "labclip-tiny": {
      description: "LABCLIP on the embedded tiny CLIP and its world of scenes; needs nothing else",
      load: () => importLater("../../recipes/labclip_tiny.ts", import.meta.url),
    },
  },
  literature: async () =>
    (await importLater<typeof import("./literature.ts")>("./literature.ts", import.meta.url))
      .LITERATURE,
});

export default plugin;
