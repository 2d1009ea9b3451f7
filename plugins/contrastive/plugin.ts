import { importLater } from "../../core/import_later.ts";
import { definePlugin, type Plugin } from "../../core/plugin.ts";

/** Contrast of pictures and captions, with and without hard negatives. */
const plugin: Plugin = definePlugin({
  name: "contrastive",
  objectives: {
    contrastive: {
      description: "the symmetric contrastive loss",
      load: async () =>
        (await importLater<typeof import("./contrastive.ts")>("./contrastive.ts", import.meta.url))
          .contrastive,
    },
    hardNegativeContrastive: {
      description: "the contrastive loss with hard negatives among the texts",
      load: async () =>
        (await importLater<typeof import("./hard_negative_contrastive.ts")>(
          "./hard_negative_contrastive.ts",
          import.meta.url,
        )).hardNegativeContrastive,
    },
    sigmoidContrastive: {
      description: "SigLIP's loss, a question of every pair",
      load: async () =>
        (await importLater<typeof import("./sigmoid_contrastive.ts")>(
          "./sigmoid_contrastive.ts",
          import.meta.url,
        )).sigmoidContrastive,
    },
    singleCaption: {
      description: "a picture and one of its captions",
      load: async () =>
        (await importLater<typeof import("./single_caption.ts")>(
          "./single_caption.ts",
          import.meta.url,
        )).singleCaption,
    },
    captionNegatives: {
      description: "a picture, one of its captions, and its negatives",
      load: async () =>
        (await importLater<typeof import("./caption_negatives.ts")>(
          "./caption_negatives.ts",
          import.meta.url,
        )).captionNegatives,
    },
  },
});

export default plugin;
