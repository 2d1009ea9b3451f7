import { importLater } from "../../core/import_later.ts";
import { definePlugin, type Plugin } from "../../core/plugin.ts";

/** NegCLIP: swapped captions, and pictures that look alike. */
const plugin: Plugin = definePlugin({
  name: "negclip",
  objectives: {
    negclipRows: {
      description: "rows of two pictures that look alike, with swapped captions",
      load: async () =>
        (await importLater<typeof import("./rows.ts")>("./rows.ts", import.meta.url)).negclipRows,
    },
  },
  negatives: {
    "negclip": async () =>
      (await importLater<typeof import("./swaps.ts")>("./swaps.ts", import.meta.url))
        .negclipSwaps(),
  },
  recipes: {
    "negclip-vitb32": {
      description:
        "NegCLIP fine-tunes OpenAI's ViT-B/32 on COCO with swapped captions and look-alikes",
      load: () => importLater("../../recipes/negclip_vitb32.ts", import.meta.url),
    },
    "negclip-vitb16": {
      description:
        "NegCLIP fine-tunes OpenAI's ViT-B/16 on COCO with swapped captions and look-alikes",
      load: () => importLater("../../recipes/negclip_vitb16.ts", import.meta.url),
    },
    "negclip-vitl14": {
      description:
        "NegCLIP fine-tunes OpenAI's ViT-L/14 on COCO with swapped captions and look-alikes",
      load: () => importLater("../../recipes/negclip_vitl14.ts", import.meta.url),
    },
  },
  literature: async () =>
    (await importLater<typeof import("./literature.ts")>("./literature.ts", import.meta.url))
      .LITERATURE,
  commands: {
    "write-neighbours": {
      description: "Finds which pictures look most alike, by their embeddings, for NegCLIP's rows.",
      load: () =>
        importLater<typeof import("./commands/write_neighbours_command.ts")>(
          "./commands/write_neighbours_command.ts",
          import.meta.url,
        ),
    },
  },
});

export default plugin;
