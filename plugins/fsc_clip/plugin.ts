import { importLater } from "../../core/import_later.ts";
import { definePlugin, type Plugin } from "../../core/plugin.ts";

/** FSC-CLIP: a focal loss of hard negatives, of whole texts and of their words. */
const plugin: Plugin = definePlugin({
  name: "fsc-clip",
  objectives: {
    fscClipLoss: {
      description: "FSC-CLIP: contrast, and the choice among own negatives by texts and by words",
      load: async () =>
        (await importLater<typeof import("./loss.ts")>("./loss.ts", import.meta.url)).fscClipLoss,
    },
    fscClipGlobalLoss: {
      description: "FSC-CLIP without its local half, for models without patches or tokens",
      load: async () =>
        (await importLater<typeof import("./loss.ts")>("./loss.ts", import.meta.url))
          .fscClipGlobalLoss,
    },
    fscClipNegatives: {
      description: "FSC-CLIP's negatives: a swap, a replacement, words in pairs in another order",
      load: async () =>
        (await importLater<typeof import("./negatives.ts")>("./negatives.ts", import.meta.url))
          .fscClipNegatives,
    },
    shuffleBigrams: {
      description: "a caption's words in pairs, the pairs in another order",
      load: async () =>
        (await importLater<typeof import("./shuffle_bigrams.ts")>(
          "./shuffle_bigrams.ts",
          import.meta.url,
        )).shuffleBigrams,
    },
  },
  negatives: {
    "fsc-clip": async () =>
      (await importLater<typeof import("./negatives.ts")>("./negatives.ts", import.meta.url))
        .fscClipNegatives(),
  },
  recipes: {
    "fsc-clip-vitb32": {
      description: "FSC-CLIP fine-tunes OpenAI's ViT-B/32 on COCO with negatives that it selects",
      load: () => importLater("../../recipes/fsc_clip_vitb32.ts", import.meta.url),
    },
    "fsc-clip-tiny": {
      description: "FSC-CLIP on the embedded tiny CLIP and its world of scenes; needs nothing else",
      load: () => importLater("../../recipes/fsc_clip_tiny.ts", import.meta.url),
    },
  },
  literature: async () =>
    (await importLater<typeof import("./literature.ts")>("./literature.ts", import.meta.url))
      .LITERATURE,
});

export default plugin;
