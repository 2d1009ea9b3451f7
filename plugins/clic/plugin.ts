import { importLater } from "../../core/import_later.ts";
import { definePlugin, type Plugin } from "../../core/plugin.ts";

/** CLIC: two pictures in one, captions recombined, one swap negative. */
const plugin: Plugin = definePlugin({
  name: "clic",
  objectives: {
    clic: {
      description: "CLIC: pairs of pictures with five groups of texts, and its loss",
      load: async () =>
        (await importLater<typeof import("./clic.ts")>("./clic.ts", import.meta.url)).clic,
    },
  },
  recipes: {
    "clic-vitb32": {
      description: "CLIC fine-tunes the text side of OpenAI's ViT-B/32 on pairs of pictures",
      load: () => importLater("../../recipes/clic_vitb32.ts", import.meta.url),
    },
    "clic-vitb16": {
      description: "CLIC fine-tunes the text side of OpenAI's ViT-B/16 on pairs of pictures",
      load: () => importLater("../../recipes/clic_vitb16.ts", import.meta.url),
    },
    "clic-vitl14": {
      description: "CLIC fine-tunes the text side of OpenAI's ViT-L/14 on pairs of pictures",
      load: () => importLater("../../recipes/clic_vitl14.ts", import.meta.url),
    },
    "clic-clipa-vitl14": {
      description: "CLIC fine-tunes the text side of CLIPA's ViT-L/14 on pairs of pictures",
      load: () => importLater("../../recipes/clic_clipa_vitl14.ts", import.meta.url),
    },
    "clic-clips-vitl14": {
      description: "CLIC fine-tunes the text side of CLIPS's ViT-L/14 on pairs of pictures",
      load: () => importLater("../../recipes/clic_clips_vitl14.ts", import.meta.url),
    },
    "clic-eva02-vitl14": {
      description: "CLIC fine-tunes the text side of EVA-02's L/14 on pairs of pictures",
      load: () => importLater("../../recipes/clic_eva02_vitl14.ts", import.meta.url),
    },
    "clic-vith14": {
      description: "CLIC fine-tunes the text side of LAION's ViT-H/14 on pairs of pictures",
      load: () => importLater("../../recipes/clic_vith14.ts", import.meta.url),
    },
    "siglip2-vitb16": {
      description: "CLIC with a sigmoid fine-tunes the text side of SigLIP 2's ViT-B/16",
      load: () => importLater("../../recipes/siglip2_vitb16.ts", import.meta.url),
    },
    "clic-ranked-vitb32": {
      description:
        "CLIC's pairs with CE-CLIP's ranked negatives and patching, on OpenAI's ViT-B/32",
      load: () => importLater("../../recipes/clic_ranked_vitb32.ts", import.meta.url),
    },
  },
  literature: async () =>
    (await importLater<typeof import("./literature.ts")>("./literature.ts", import.meta.url))
      .LITERATURE,
});

export default plugin;
