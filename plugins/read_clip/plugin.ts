import { importLater } from "../../core/import_later.ts";
import { definePlugin, type Plugin } from "../../core/plugin.ts";

/** READ-CLIP: captions near their paraphrases, and a frozen decoder that tells others of them. */
const plugin: Plugin = definePlugin({
  name: "read-clip",
  objectives: {
    readClipAlignLoss: {
      description:
        "READ-CLIP without its decoder: hard negatives, and paraphrases that find their caption",
      load: async () =>
        (await importLater<typeof import("./loss.ts")>("./loss.ts", import.meta.url))
          .readClipAlignLoss,
    },
    readClipLoss: {
      description: "READ-CLIP: the same, and a frozen decoder that tells another caption",
      load: async () =>
        (await importLater<typeof import("./decoder_loss.ts")>(
          "./decoder_loss.ts",
          import.meta.url,
        )).readClipLoss,
    },
    readClipRows: {
      description: "a picture, a caption, its hard negatives, and other captions of the picture",
      load: async () =>
        (await importLater<typeof import("./rows.ts")>("./rows.ts", import.meta.url)).readClipRows,
    },
  },
  recipes: {
    "read-clip-vitb32": {
      description:
        "READ-CLIP fine-tunes OpenAI's ViT-B/32 on COCO: paraphrases, and a frozen decoder",
      load: () => importLater("../../recipes/read_clip_vitb32.ts", import.meta.url),
    },
    "read-clip-align-vitb32": {
      description: "READ-CLIP's alignment fine-tunes OpenAI's ViT-B/32 on COCO with paraphrases",
      load: () => importLater("../../recipes/read_clip_align_vitb32.ts", import.meta.url),
    },
    "read-clip-align-tiny": {
      description:
        "READ-CLIP's alignment on the embedded tiny CLIP and its world; needs nothing else",
      load: () => importLater("../../recipes/read_clip_align_tiny.ts", import.meta.url),
    },
  },
  literature: async () =>
    (await importLater<typeof import("./literature.ts")>("./literature.ts", import.meta.url))
      .LITERATURE,
});

export default plugin;
