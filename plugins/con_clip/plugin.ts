import { importLater } from "../../core/import_later.ts";
import { definePlugin, type Plugin } from "../../core/plugin.ts";

/** CoN-CLIP: captions that deny, and pictures that these are true of. */
const plugin: Plugin = definePlugin({
  name: "con-clip",
  objectives: {
    conClipLoss: {
      description: "CoN-CLIP: pictures, denied captions and distractors",
      load: async () =>
        (await importLater<typeof import("./loss.ts")>("./loss.ts", import.meta.url)).conClipLoss,
    },
    conClipRows: {
      description: "a picture, a caption, the caption denied, and a distractor",
      load: async () =>
        (await importLater<typeof import("./rows.ts")>("./rows.ts", import.meta.url)).conClipRows,
    },
    negations: {
      description: "a caption that denies part of what it said, by rule",
      load: async () =>
        (await importLater<typeof import("./negations.ts")>("./negations.ts", import.meta.url))
          .negations,
    },
  },
  negatives: {
    "negations": async () =>
      (await importLater<typeof import("./negations.ts")>("./negations.ts", import.meta.url))
        .negations(),
  },
  recipes: {
    "con-clip-vitb32": {
      description: "CoN-CLIP fine-tunes the text side of OpenAI's ViT-B/32 on captions that deny",
      load: () => importLater("../../recipes/con_clip_vitb32.ts", import.meta.url),
    },
    "con-clip-tiny": {
      description: "CoN-CLIP on the embedded tiny CLIP and its world of scenes; needs nothing else",
      load: () => importLater("../../recipes/con_clip_tiny.ts", import.meta.url),
    },
  },
  literature: async () =>
    (await importLater<typeof import("./literature.ts")>("./literature.ts", import.meta.url))
      .LITERATURE,
});

export default plugin;
