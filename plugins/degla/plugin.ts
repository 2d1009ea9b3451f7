import { importLater } from "../../core/import_later.ts";
import { definePlugin, type Plugin } from "../../core/plugin.ts";

/** DeGLA: hard negatives, and a running average as teacher. */
const plugin: Plugin = definePlugin({
  name: "degla",
  objectives: {
    deglaLoss: {
      description: "DeGLA: image- and text-grounded contrast, distilled from a running average",
      load: async () =>
        (await importLater<typeof import("./loss.ts")>("./loss.ts", import.meta.url)).deglaLoss,
    },
    deglaNegatives: {
      description: "hard negatives of five kinds by rule",
      load: async () =>
        (await importLater<typeof import("./negatives.ts")>("./negatives.ts", import.meta.url))
          .deglaNegatives,
    },
  },
  negatives: {
    "degla": async () =>
      (await importLater<typeof import("./negatives.ts")>("./negatives.ts", import.meta.url))
        .deglaNegatives(),
  },
  recipes: {
    "degla-vitb32": {
      description: "DeGLA fine-tunes OpenAI's ViT-B/32 on COCO beside its own running average",
      load: () => importLater("../../recipes/degla_vitb32.ts", import.meta.url),
    },
    "degla-tiny": {
      description: "DeGLA on the embedded tiny CLIP and its world of scenes; needs nothing else",
      load: () => importLater("../../recipes/degla_tiny.ts", import.meta.url),
    },
  },
  literature: async () =>
    (await importLater<typeof import("./literature.ts")>("./literature.ts", import.meta.url))
      .LITERATURE,
});

export default plugin;
